/** The tables whose rows add up to an account's figures, summed a piece at a time. */
import type { Queryable } from '../driver/database.js';

export type Figure = 'reserved' | 'openCount' | 'spent' | 'tokens' | 'total';
export type Sums = Record<Figure, number>;

/** What each figure is called in the answer, in its order. */
export const FIGURES: [Figure, string][] = [
  ['openCount', 'open reservations'],
  ['reserved', 'reserved'],
  ['spent', 'spent'],
  ['total', 'total by entries'],
  ['tokens', 'total by grants'],
];

export const nothing = (): Sums => ({ reserved: 0, openCount: 0, spent: 0, tokens: 0, total: 0 });

/** Accounts with `after` < number ≤ `last`. */
export interface Range {
  after: number;
  last: number;
}

/** Rows of one account that were summed together. */
export interface Part extends Partial<Sums> {
  userId: number;
  rows: number;
}

interface Source {
  sums: string;
  lastId: string;
  rows: string;
  /** Less than every id. */
  first: string | number;
}

/** How many rows a statement reads, so that each takes about so long, in memory or from a disk. */
export class Pace {
  rows: number;
  readonly #bounds: { least: number; most: number };

  constructor(rows: number, bounds: { least: number; most: number }) {
    this.rows = rows;
    this.#bounds = bounds;
  }

  took(ms: number): void {
    const wished = Math.floor((this.rows * TAKES_MS) / Math.max(1, ms));
    const { least, most } = this.#bounds;
    this.rows = Math.max(least, Math.min(most, 2 * this.rows, wished));
  }
}
const TAKES_MS = 500;

const OF_ENTRIES = `sum(amount)::bigint as total,
  coalesce(sum(-amount) filter (where kind in ('charge', 'refund')), 0)::bigint as spent`;
const OF_HOLDS = `coalesce(sum(amount) filter (where status = 'open'), 0)::bigint as reserved,
  count(*) filter (where status = 'open') as "openCount"`;

export const ENTRIES: Source = {
  sums: OF_ENTRIES,
  lastId: 'max(id)',
  rows: 'select user_id, id, amount, kind from entries',
  first: 0,
};
export const GRANTS: Source = {
  sums: 'sum(left_over)::bigint as tokens',
  lastId: 'max(id)',
  rows: `select user_id, id, case when id = front_grant_id then front_left else remaining end as left_over
    from grants join accounts using (user_id)`,
  first: 0,
};
export const HOLDS: Source = {
  sums: OF_HOLDS,
  lastId: 'max(id::text collate "C")',
  rows: 'select user_id, id, amount, status from reservations',
  first: '00000000-0000-0000-0000-000000000000',
};

/** All rows of these accounts, in the order of account and id. */
export async function* partsOf(
  tx: Queryable,
  { sums, lastId, rows, first }: Source,
  { after, last }: Range,
): AsyncGenerator<Part> {
  const statement = `select user_id as "userId", count(*) as rows, ${lastId} as "lastId", ${sums}
    from (${rows} where (user_id, id) > ($1, $2) and user_id <= $3 order by user_id, id limit $4) page
    group by user_id order by user_id`;
  const pace = new Pace(5_000, { least: 500, most: 20_000 });
  let place: { userId: number; lastId: string | number } = { userId: after + 1, lastId: first };
  for (let isLast = false; !isLast; ) {
    const limit = pace.rows;
    const beganMs = performance.now();
    const values = [place.userId, place.lastId, last, limit];
    const parts = await tx.query<Part & typeof place>(statement, values);
    let count = 0;
    for (const part of parts) {
      count += part.rows;
      place = part;
      yield part;
    }
    isLast = count < limit;
    pace.took(performance.now() - beganMs);
  }
}

/**
 * In the order in which they were written: an account's lie all over the table, and read one by one took ten times longer.
 * As one text, because a row for each of 50,000 accounts took the thread ten times longer, too.
 */
const ENTRIES_BY_ID = `select string_agg(concat_ws(' ', user_id, rows, total, spent), ' ') as sums from (
  select user_id, count(*) as rows, ${OF_ENTRIES}
  from entries where id > $1 and id <= $2 and user_id > $3 and user_id <= $4 group by 1
) part`;

/** Of the accounts' entries those with `from` < id ≤ `to`. */
export async function entriesBetween(
  tx: Pick<Queryable, 'query'>,
  { from, to }: { from: number; to: number },
  { after, last }: Range,
): Promise<Part[]> {
  const [row] = await tx.query<{ sums: string | null }>(ENTRIES_BY_ID, [from, to, after, last]);
  const numbers = row?.sums?.split(' ') ?? [];
  const parts: Part[] = [];
  for (let i = 0; i < numbers.length; i += 4) {
    const at = (offset: number): number => Number(numbers[i + offset]);
    parts.push({ userId: at(0), rows: at(1), total: at(2), spent: at(3) });
  }
  return parts;
}

export const FIRST_ENTRY = 'select id from entries order by id limit 1';

/** What is left of these accounts' grants. */
export const GRANTS_NOW = `select a.user_id as "userId", count(*) as rows, sum(left_over)::bigint as tokens
  from accounts a
  cross join lateral (
    select case when id = a.front_grant_id then a.front_left else remaining end as left_over
    from grants g where g.user_id = a.user_id offset 0
  ) grants where a.user_id > $1 and a.user_id <= $2 group by 1`;

/** The entries of each of these accounts after the one with this number. */
export const ENTRIES_SINCE = `select owner.user_id as "userId", count(*) as rows, ${OF_ENTRIES}
  from unnest($1::bigint[]) as owner(user_id)
  cross join lateral (
    select amount, kind from entries e where e.user_id = owner.user_id and e.id > $2::bigint offset 0
  ) entry group by 1`;

/** The open reservations of these accounts whose ids are not less than this one. */
export const HOLDS_SINCE = `select owner.user_id as "userId", count(*) as rows, ${OF_HOLDS}
  from unnest($1::bigint[]) as owner(user_id)
  cross join lateral (
    select amount, status from reservations r where r.user_id = owner.user_id and r.id >= $2::uuid offset 0
  ) hold group by 1`;

/** Whose open reservations have lesser ids than this one, among those in some of the table's blocks. */
export const STRAYS = `select distinct user_id as "userId" from reservations
  where ctid >= $1::tid and ctid < $2::tid and status = 'open' and id < $3::uuid order by 1`;
export const BLOCKS = `select pg_relation_size('reservations') / current_setting('block_size')::integer as blocks`;

export function add(sums: Sums | undefined, more: Partial<Sums>): void {
  if (!sums) return;
  for (const [figure] of FIGURES) sums[figure] += more[figure] ?? 0;
}
