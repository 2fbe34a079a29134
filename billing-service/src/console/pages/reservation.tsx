import type { Reservation } from '../answers.js';
import { html, Layout } from '../parts/layout.js';
import { hrefOf, type PageHandler } from '../visit.js';
import { wordFor } from '../words/words.js';

/** GET /console/reservations/{id} */
export const reservationPage: PageHandler = async (visit, [id = '']) => {
  const { api, words, show } = visit;
  const found = await api.get<Reservation>(`/tokens/reservations/${encodeURIComponent(id)}`);
  const facts: [string, string][] = [
    [words.operation, found.operation],
    [words.state, wordFor(words.statuses, found.status)],
    [words.held, show.number(found.amount)],
    [words.charged, show.number(found.charged)],
    [words.givenBack, show.number(found.refundedTotal)],
    [words.uncollected, show.number(found.uncollected)],
    [words.made, show.time(found.createdAt)],
    [words.ends, show.time(found.expiresAt)],
    [words.settled, found.settledAt ? show.time(found.settledAt) : '–'],
  ];
  return html(
    <Layout visit={visit} title={words.reservation} section="users">
      <section class="card">
        <p>
          <code>{found.reservationId}</code>
        </p>
        <p>
          <a href={hrefOf('users', found.user)}>{found.user}</a>
        </p>
        <dl class="pairs">
          {facts.map(([name, value]) => (
            <div>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {found.metadata && <pre>{JSON.stringify(found.metadata, null, 2)}</pre>}
      </section>
    </Layout>,
  );
};
