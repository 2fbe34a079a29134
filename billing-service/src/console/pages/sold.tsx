import type { Page } from '../api.js';
import type { SalesRow } from '../figure-answers.js';
import { Filters } from '../parts/form.js';
import { html, Layout } from '../parts/layout.js';
import { csvAsked, type List, ListTable } from '../parts/list.js';
import type { PageHandler, Visit } from '../visit.js';
import { dayStart } from '../zoned-time.js';

const PAGE = 500;
const DAY_MS = 86_400_000;
const DAYS = [1, 7, 30, 90, 365];
const USUAL_DAYS = 30;
const USUAL_SPLIT = 'day,product';
const CHOICES = ['day', 'month', 'provider', 'currency', 'product'] as const;
type Dimension = (typeof CHOICES)[number];
const SPLITS = [USUAL_SPLIT, ...CHOICES, 'day,provider', 'month,product', 'month,provider'];

/** GET /console/sold: payments, summed as the address says. */
export const soldPage: PageHandler = async (visit) => {
  const { api, request, words, show, now } = visit;
  const { query } = request;
  const split = SPLITS.find((one) => one === query.by) ?? USUAL_SPLIT;
  const days = DAYS.find((length) => String(length) === query.days) ?? USUAL_DAYS;
  // Days of UTC, as the API cuts them, so that the first is whole.
  const from = query.from ?? new Date(dayStart('UTC', now - (days - 1) * DAY_MS)).toISOString();
  const page = await api.get<Page<SalesRow>>('/payments/summary', {
    ...{ from, to: query.to, by: split, cursor: query.cursor },
    limit: PAGE,
  });
  const list = soldList(visit, page, split.split(',') as Dimension[]);
  return (
    csvAsked(visit, list) ??
    html(
      <Layout visit={visit} title={words.soldBy} section="payments">
        <Filters
          {...{ action: '/console/sold', submit: words.show }}
          fields={[
            {
              ...{ name: 'days', label: words.usageDays, type: 'select', value: String(days) },
              options: DAYS.map((length) => ({ value: String(length), text: String(length) })),
            },
            {
              ...{ name: 'by', label: words.usageBy, type: 'select', value: split },
              options: SPLITS.map((value) => ({ value, text: named(visit, value) })),
            },
          ]}
        />
        <section class="card">
          <ListTable list={list} visit={visit} />
        </section>
        <p class="quiet">
          {words.usageFrom(show.time(from), query.to ? show.time(query.to) : words.now)} {words.salesUtc}
        </p>
      </Layout>,
    )
  );
};

const named = ({ words }: Visit, split: string): string =>
  split
    .split(',')
    .map((name) => words.salesBy[name as Dimension])
    .join(', ');

export function soldList(visit: Visit, page: Page<SalesRow>, by: Dimension[]): List<SalesRow> {
  const { words, show } = visit;
  const number = (name: string, of: (row: SalesRow) => number) => ({
    ...{ name, isNumber: true },
    cell: (row: SalesRow) => ({ text: show.number(of(row)), raw: of(row) }),
  });
  const money = (name: string, of: (row: SalesRow) => number) => ({
    ...{ name, isNumber: true },
    cell: (row: SalesRow) => ({ text: show.money(of(row), row.currency), raw: of(row) }),
  });
  return {
    ...{ id: 'sold', title: words.soldBy, rows: page.items, empty: words.noPayments },
    nextCursor: page.nextCursor,
    columns: [
      ...by
        .filter((name) => name !== 'currency')
        .map((name, i) => ({
          name: words.salesBy[name],
          place: i === 0 ? ('title' as const) : ('plain' as const),
          cell: (row: SalesRow) => ({ text: row[name as keyof SalesRow] as string }),
        })),
      { name: words.salesBy.currency, place: 'plain', cell: ({ currency }) => ({ text: currency }) },
      { ...money(words.paid, ({ amount }) => amount), place: 'side' },
      money(words.refundedMoney, ({ refunded }) => refunded),
      number(words.payments, ({ payments }) => payments),
      number(words.payers, ({ payers }) => payers),
      number(words.tokens, ({ tokens }) => tokens),
    ],
  };
}
