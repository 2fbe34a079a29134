import type { Payment } from '../answers.js';
import { ApiProblem, type Page } from '../api.js';
import type { ApiCall } from '../exchange.js';
import { type Act, act, Denied } from '../parts/act.js';
import { ActForm, type Field, Filters, wholeNumber } from '../parts/form.js';
import { html, Layout } from '../parts/layout.js';
import { csvAsked, ListTable } from '../parts/list.js';
import { hrefOf, may, type PageHandler, type Visit } from '../visit.js';
import { reasonField } from './reason-field.js';
import { userChanges } from './user-changes.js';
import { paymentList, productName } from './user-lists.js';

const PAGE = 50;

export const paymentsPage: PageHandler = async (visit) => {
  const { api, request, words } = visit;
  const { cursor, provider, user, paymentId } = request.query;
  const page = await api.get<Page<Payment>>('/payments', { cursor, provider, user, paymentId, limit: PAGE });
  const list = paymentList(visit, page.items, true, page.nextCursor);
  return (
    csvAsked(visit, list) ??
    html(
      <Layout visit={visit} title={words.payments} section="payments">
        <Filters
          {...{ action: '/console/payments', submit: words.show }}
          fields={[
            { name: 'provider', label: words.provider, value: provider },
            { name: 'user', label: words.user, value: user },
            { name: 'paymentId', label: words.payment, value: paymentId },
          ]}
        />
        <p>
          <a href="/console/sold">{words.soldBy}</a>
        </p>
        <section class="card">
          <ListTable list={list} visit={visit} />
        </section>
      </Layout>,
    )
  );
};

/** GET /console/payments/{provider}/{paymentId}/refund: asks why. */
export const refundForm: PageHandler = async (visit, [provider = '', paymentId = '']) => {
  const { words, show } = visit;
  if (!may(visit, 'payments')) return html(<Denied visit={visit} scope="payments" />, 403);
  const payment = await known(visit, provider, paymentId);
  return html(
    <Layout visit={visit} title={words.refundPayment} section="payments">
      <section class="card">
        <p>
          <b>{productName(visit, payment.product)}</b>, {show.money(payment.amount, payment.currency)},{' '}
          <a href={hrefOf('users', payment.user)}>{payment.user}</a>, {show.time(payment.createdAt)}
        </p>
        <ActForm
          {...{
            visit,
            id: 'refund',
            fields: [...partFields(visit, payment), reasonField(visit)],
            submit: words.preview,
          }}
          action={hrefOf('payments', provider, paymentId, 'refund')}
        />
      </section>
    </Layout>,
  );
};

/** Paid time has no parts. */
function partFields({ words, show }: Visit, { granted, refundedTokens }: Payment): Field[] {
  if (refundedTokens === null) return [];
  const most = show.number(granted - refundedTokens);
  const hint = `${words.emptyIsWhole} ${words.atMost(most)}`;
  return [{ name: 'tokens', label: words.tokensToTake, type: 'number', min: 1, hint }];
}

/** POST of the same: shows what it takes back, then does it. */
export const refundPayment: PageHandler = (visit, [provider = '', paymentId = '']) =>
  act(visit, 'payments', async (): Promise<Act> => {
    const { words } = visit;
    const payment = await known(visit, provider, paymentId);
    const path = `/payments/${encodeURIComponent(provider)}/${encodeURIComponent(paymentId)}/refund`;
    const tokens = visit.request.form.tokens ? wholeNumber(visit, 'tokens') : undefined;
    const call: ApiCall = { method: 'POST', path, ...(tokens === undefined ? {} : { body: { tokens } }) };
    return {
      ...{ section: 'payments', back: hrefOf('users', payment.user), call, done: 'refunded' },
      ...{ title: words.refundPayment, confirm: words.refundPayment },
      preview: async () => {
        const { changes } = await userChanges(visit, call);
        return {
          changes: [...changes, stateAfter(visit, payment, tokens)],
          notes: [
            words.spentStays,
            ...(payment.product.tier === undefined ? [] : [words.refundEndsTime]),
            words.refundNoMoney,
          ],
        };
      },
    };
  });

/** How much of it is refunded, before and after. */
function stateAfter({ words, show }: Visit, payment: Payment, tokens: number | undefined) {
  const { granted, refundedTokens } = payment;
  const told = (refunded: number) =>
    refunded === 0
      ? words.paidWord
      : refunded === granted
        ? words.refundedWord
        : words.refundedPart(show.number(refunded), show.number(granted));
  const earlier = refundedTokens ?? 0;
  const after = tokens === undefined ? words.refundedWord : told(earlier + tokens);
  return { name: words.payment, before: told(earlier), after };
}

/** The payment that the path names, which the API lists but does not tell alone. */
async function known({ api, words }: Visit, provider: string, paymentId: string): Promise<Payment> {
  const { items } = await api.get<Page<Payment>>('/payments', { provider, paymentId, limit: 1 });
  const [payment] = items;
  if (payment) return payment;
  throw new ApiProblem(404, { code: 'unknown-payment', title: words.notFound, detail: words.notFound });
}
