import type { Page } from '../api.js';
import { withQuery } from '../api.js';
import type { RefusalSum, SalesRow } from '../figure-answers.js';
import type { Visit } from '../visit.js';
import { wordFor } from '../words/words.js';
import { todaysHours } from './todays-hours.js';

export interface Told {
  name: string;
  value: string;
  href: string;
  note?: string;
}

/** A figure that leads to the rows that it sums. */
export const Figure = ({ name, value, href, note }: Told) => (
  <a class="figure" href={href}>
    <span>{name}</span>
    <strong>{value}</strong>
    {note && <small>{note}</small>}
  </a>
);

/** Of today and of the same hours a week ago. */
async function both<T>(
  { api, ...visit }: Pick<Visit, 'api' | 'show' | 'now'>,
  path: string,
): Promise<[T[], T[]]> {
  const { today, lastWeek } = todaysHours(visit);
  const [now, then] = await Promise.all([
    api.get<Page<T>>(path, { ...today }),
    api.get<Page<T>>(path, { ...lastWeek }),
  ]);
  return [now.items, then.items];
}

/** Money by currency, which has no sum of all, and how many payments. */
export async function salesFigures(visit: Visit): Promise<Told[]> {
  const { words, show } = visit;
  const [now, then] = await both<SalesRow>(visit, '/payments/summary');
  const { from, to } = todaysHours(visit).today;
  const href = withQuery('/console/sold', { from, to, by: 'product' });
  const count = (rows: SalesRow[]) => show.number(rows.reduce((sum, { payments }) => sum + payments, 0));
  const currencies = [...new Set([...now, ...then].map(({ currency }) => currency))].sort();
  const amount = (rows: SalesRow[], wanted: string) =>
    show.money(rows.find(({ currency }) => currency === wanted)?.amount ?? 0, wanted);
  return [
    { name: words.paymentsToday, value: count(now), href, note: words.lastWeek(count(then)) },
    ...currencies.map((currency) => ({
      ...{ name: words.soldMoney, value: amount(now, currency), href },
      note: words.lastWeek(amount(then, currency)),
    })),
  ];
}

/** Those that every service has; the others where there are any. */
const ALWAYS = ['rate-limited', 'insufficient-tokens'];

export async function refusalFigures(visit: Visit): Promise<Told[]> {
  const { words, show } = visit;
  const [now, then] = await both<RefusalSum>(visit, '/refusals/summary');
  const { from, to } = todaysHours(visit).today;
  const codes = new Set([...ALWAYS, ...[...now, ...then].map(({ code }) => code)]);
  const count = (rows: RefusalSum[], wanted: string) =>
    show.number(rows.find(({ code }) => code === wanted)?.count ?? 0);
  return [...codes].map((code) => ({
    name: words.denied(wordFor(words.refusalCodes, code)),
    value: count(now, code),
    href: withQuery('/console/refusals', { code, from, to }),
    note: words.lastWeek(count(then, code)),
  }));
}
