import type { ListedUser, Payment } from '../answers.js';
import type { Page } from '../api.js';
import { html, Layout } from '../parts/layout.js';
import { csvAsked, ListTable } from '../parts/list.js';
import type { PageHandler, Visit } from '../visit.js';
import type { Webhook } from '../webhook-answers.js';
import { dayStart } from '../zoned-time.js';
import { Figure, refusalFigures, salesFigures } from './today-figures.js';
import { todaysUsage, UsageFigures } from './usage-figures.js';
import { paymentList } from './user-lists.js';
import { isFailing } from './webhooks.js';

const DAY_MS = 86_400_000;

interface Readiness {
  database: string;
  limits: string;
  clock: string;
}

/** Problems first, then what was sold. */
export const todayPage: PageHandler = async (visit) => {
  const { api, words, show, now } = visit;
  const [ready, payments, users, usage, webhooks, sales, refusals] = await Promise.all([
    api.get<Readiness>('/readyz'),
    api.get<Page<Payment>>('/payments', { limit: 100 }),
    api.get<Page<ListedUser>>('/users', { limit: 100 }),
    todaysUsage(visit),
    api.get<Page<Webhook>>('/webhooks'),
    salesFigures(visit),
    refusalFigures(visit),
  ]);
  const start = dayStart(show.zone, now);
  const sold = paymentList(visit, payments.items.filter(isSince(start)), true);
  const csv = csvAsked(visit, sold);
  if (csv) return csv;
  const problems = problemsOf(visit, ready, webhooks.items.filter(isFailing).length);
  const joined = users.items.filter(isSince(start)).length;
  return html(
    <Layout visit={visit} title={words.today} section="today">
      {problems.length > 0 ? (
        <ul class="problems">
          {problems.map(({ text, href }) => (
            <li>{href ? <a href={href}>{text}</a> : text}</li>
          ))}
        </ul>
      ) : (
        <p class="fine">{words.allWell}</p>
      )}
      <div class="figures">
        {sales.map((told) => (
          <Figure {...told} />
        ))}
        <Figure name={words.newUsers} value={many(visit, joined)} href="/console/users" />
        {refusals.map((told) => (
          <Figure {...told} />
        ))}
      </div>
      <UsageFigures visit={visit} usage={usage} />
      <section class="card" id="sold">
        <h2>{words.sold}</h2>
        <ListTable list={sold} visit={visit} />
      </section>
      <p class="quiet">
        {words.dayFrom(
          show.time(new Date(start).toISOString()),
          show.time(new Date(start + DAY_MS).toISOString()),
        )}
      </p>
    </Layout>,
  );
};

const isSince =
  (start: number) =>
  ({ createdAt }: { createdAt: string }) =>
    Date.parse(createdAt) >= start;

/** A page of a hundred is as far as is counted. */
const many = ({ show }: Visit, count: number) => (count >= 100 ? '100+' : show.number(count));

interface Trouble {
  text: string;
  /** Where it is looked after. */
  href?: string;
}

function problemsOf({ words }: Visit, ready: Readiness, failing: number): Trouble[] {
  return [
    ...(ready.database === 'up' ? [] : [{ text: words.databaseDown }]),
    ...(ready.limits === 'up' ? [] : [{ text: words.limitsDegraded }]),
    ...(ready.clock === 'ok' ? [] : [{ text: words.clockOff }]),
    ...(failing === 0 ? [] : [{ text: words.webhooksFail(failing), href: '/console/webhooks' }]),
  ];
}
