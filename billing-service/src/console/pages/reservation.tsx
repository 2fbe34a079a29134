import type { Reservation } from '../answers.js';
import type { ApiCall } from '../exchange.js';
import { type Act, act } from '../parts/act.js';
import { ActForm, type Field, line, wholeNumber } from '../parts/form.js';
import { html, Layout } from '../parts/layout.js';
import type { Receipt } from '../priced-answers.js';
import { hrefOf, may, type PageHandler, type Visit } from '../visit.js';
import { wordFor } from '../words/words.js';
import { reasonField } from './reason-field.js';
import { userChanges } from './user-changes.js';

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
    [words.receipt, receiptText(visit, found.receipt)],
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
      {may(visit, 'tokens') && leftOf(found) > 0 && (
        <section class="card">
          <h2>{words.giveBack}</h2>
          <ActForm
            {...{ visit, id: 'refund', submit: words.preview, fields: fieldsFor(visit, found) }}
            action={hrefOf('reservations', found.reservationId, 'refund')}
          />
        </section>
      )}
    </Layout>,
  );
};

/** Price × quantity and each line, as they add up. */
function receiptText({ words, show }: Visit, receipt: Receipt): string {
  const { priceVersion, price, quantity, lines, total, estimated } = receipt;
  const counted = lines.map(
    (line) =>
      `${show.number(line.quantity)} × ${words.rate(show.number(line.price), show.number(line.per), line.unit, line.model)}`,
  );
  const sum = [`${show.number(price)} × ${show.number(quantity)}`, ...counted].join(' + ');
  return `${sum} = ${show.number(total)} (${words.priceVersion(priceVersion)}${estimated ? `, ${words.estimated}` : ''})`;
}

/** What can still be given back. */
function leftOf({ status, amount, charged, refundedTotal }: Reservation): number {
  if (status === 'open') return amount;
  return status === 'committed' ? charged - refundedTotal : 0;
}

/** An open hold is given back whole. */
function fieldsFor(visit: Visit, found: Reservation): Field[] {
  const { words } = visit;
  const left = leftOf(found);
  const amount: Field = {
    ...{ name: 'amount', label: words.amount, type: 'number', value: left, min: 1 },
    ...{ isRequired: true, hint: words.atMost(visit.show.number(left)) },
  };
  return [...(found.status === 'open' ? [] : [amount]), reasonField(visit)];
}

/** POST /console/reservations/{id}/refund */
export const refundReservation: PageHandler = (visit, [reservationId = '']) =>
  act(visit, 'tokens', async (): Promise<Act> => {
    const { words, request } = visit;
    const amount = request.form.amount === undefined ? {} : { amount: wholeNumber(visit, 'amount') };
    const call: ApiCall = {
      ...{ method: 'POST', path: '/tokens/refund' },
      body: { reservationId, ...amount, reason: line(visit, 'reason') },
    };
    return {
      ...{ section: 'users', back: hrefOf('reservations', reservationId), call, done: 'givenBack' },
      ...{ title: words.giveBack, confirm: words.confirm },
      preview: () => userChanges(visit, call),
    };
  });
