import type { Queryable } from '../driver/database.js';
import { widest } from './usage-sources.js';
import { type Span, unitFrom } from './whole-spans.js';

/** Entries after `after` and up to `through`, by their number. */
export interface Reach extends Span {
  after: number;
  through: number;
}

/** The ledger as one snapshot sees it: how far it is rolled up, and how far it goes. */
export interface LedgerEnds {
  throughId: number;
  lastId: number;
}

const ENDS = `select through_id as "throughId",
  coalesce((select id from entries order by id desc limit 1), 0) as "lastId" from marks where reader = $1`;

export async function ledgerEnds(tx: Pick<Queryable, 'query'>, reader: string): Promise<LedgerEnds> {
  const [ends] = await tx.query<LedgerEnds>(ENDS, [reader]);
  return ends ?? { throughId: 0, lastId: 0 };
}

/** The hours' sums know their first and last entry: among those up to the mark, none of the span lies outside. */
export async function reachOf(tx: Pick<Queryable, 'query'>, span: Span): Promise<Reach> {
  const parts = widest('kinds', span, ['day', 'hour']);
  const values = parts.flatMap(({ from, to }) => [new Date(from), new Date(to)]);
  const where = parts.map(
    ({ unit }, i) => `unit = '${unit}' and starts_at >= $${2 * i + 1} and starts_at < $${2 * i + 2}`,
  );
  const [found] = await tx.query<{ first: number | null; last: number | null }>(
    `select min(first_id) as first, max(last_id) as last from usage_sums where ${where.join(' or ') || 'false'}`,
    values,
  );
  return { ...span, after: (found?.first ?? 1) - 1, through: found?.last ?? 0 };
}

/** As early as whole months and years hold nothing that was not asked for: their beginning, if nothing came before `from`. */
export async function earliestFrom(tx: Pick<Queryable, 'query'>, from: number): Promise<number> {
  const [year, month] = [unitFrom('year', from), unitFrom('month', from)];
  if (year === from) return from;
  const [last] = await tx.query<{ at: Date }>(
    `select starts_at as at from usage_totals where unit = 'hour' and starts_at >= $1 and starts_at < $2
     order by starts_at desc limit 1`,
    [new Date(year), new Date(from)],
  );
  if (!last) return year;
  return last.at.getTime() < month ? month : from;
}

/** At most so many entries lie there: numbers that were drawn and not used are counted, too. */
export const lengthOf = ({ after, through }: Reach): number => Math.max(0, through - after);

/** How many entries of the user lie there, as far as `limit`: one user's are few of those numbers. */
export async function countOf(
  tx: Pick<Queryable, 'query'>,
  userId: number,
  reaches: readonly Reach[],
  limit: number,
): Promise<number> {
  let count = 0;
  for (const { after, through } of reaches) {
    const [found] = await tx.query<{ count: number }>(
      `select count(*)::integer as count
       from (select from entries where user_id = $1 and id > $2 and id <= $3 limit $4) e`,
      [userId, after, through, limit],
    );
    count += found?.count ?? 0;
  }
  return count;
}
