import { command } from '../command.js';
import { money, number } from '../output/figures.js';
import { table } from '../output/table.js';
import { PAGE_OPTIONS, pageOf, SPAN_OPTIONS, showPage, spanOf, YES } from './shared-options.js';
import { paymentColumns } from './user-lines.js';

const MOST = 1_000_000_000_000;

export const listPayments = command({
  name: 'payments list',
  summary: 'Payments, newest first.',
  options: {
    user: { value: 'USER', what: 'Only this user’s.' },
    provider: { value: 'NAME', what: 'Only what this provider took.' },
    payment: { value: 'ID', what: 'Only the one of this id.' },
    ...PAGE_OPTIONS,
  },
  run: async (context) => {
    const { input, service, terminal, times } = context;
    const [user, provider, paymentId] = [
      input.optional('user'),
      input.optional('provider'),
      input.optional('payment'),
    ];
    const answer = await service.get('/payments', {
      query: { user, provider, paymentId, ...pageOf(context) },
    });
    showPage(context, answer, 'There are none.', (items) =>
      table(terminal, items, paymentColumns(terminal, times, 'of all')),
    );
  },
});

export const sumPayments = command({
  name: 'payments summary',
  summary: 'What was sold, by day, month, provider, currency or product.',
  options: {
    by: { value: 'LIST', what: 'One or two of day, month, provider, currency, product, with a comma.' },
    ...SPAN_OPTIONS,
    limit: { value: 'N', what: 'Rows at most.' },
    cursor: PAGE_OPTIONS.cursor,
  },
  examples: ['payments summary --by month,product --from 2026-01-01'],
  run: async (context) => {
    const { input, service, terminal } = context;
    const query = { by: input.optional('by'), ...spanOf(context), ...pageOf(context, 10_000) };
    const answer = await service.get('/payments/summary', { query });
    showPage(context, answer, 'Nothing was sold.', (items) =>
      table(terminal, items, [
        { title: 'day (UTC)', of: ({ day }) => day ?? '' },
        { title: 'month (UTC)', of: ({ month }) => month ?? '' },
        { title: 'provider', of: ({ provider }) => provider ?? '' },
        { title: 'product', of: ({ product }) => product ?? '' },
        { title: 'payments', right: true, of: ({ payments }) => number(payments) },
        { title: 'payers', right: true, of: ({ payers }) => number(payers) },
        { title: 'sold', right: true, of: ({ amount, currency }) => money(amount, currency) },
        {
          title: 'refunded',
          right: true,
          of: ({ refunded, currency }) => (refunded > 0 ? money(refunded, currency) : ''),
        },
        { title: 'tokens', right: true, of: ({ tokens }) => number(tokens) },
      ]),
    );
  },
});

export const refundPayment = command({
  name: 'payments refund',
  summary: 'Take back what a payment gave. The money itself is given back where it was taken.',
  arguments: [
    { name: 'provider', what: 'Who took the money, such as telegram_stars.' },
    { name: 'payment', what: 'The provider’s id of the payment.' },
  ],
  options: {
    tokens: { value: 'N', what: 'Only so many of what a pack or tokens gave; else the whole payment.' },
    ...YES,
  },
  writes: 'needed',
  examples: ['payments refund telegram_stars charge-7 --reason "asked within a day"'],
  run: async ({ input, service, show, write, confirm }) => {
    const path = { provider: input.text('provider'), paymentId: input.text('payment') };
    const tokens = input.integer('tokens', 1, MOST);
    await confirm(
      `Take back ${tokens === undefined ? 'what' : `${number(tokens)} tokens of what`} ${path.provider} ${path.paymentId} gave?`,
    );
    const answer = await service.write('post', '/payments/{provider}/{paymentId}/refund', await write(), {
      path,
    });
    const { revoked, spent, tier } = answer.body;
    show(answer, () => [
      `Taken back: ${number(revoked)}; ${number(spent)} were spent already. The tier is ${tier} now.`,
    ]);
  },
});
