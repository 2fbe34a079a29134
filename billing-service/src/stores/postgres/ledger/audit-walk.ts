/** Every account against its own grants, holds and entries, a group of accounts at a time. */
import type { Audit, Mismatch } from '../../../domain/ports/audit.js';
import type { Database, Queryable } from '../driver/database.js';
import { TOTAL } from './statement-text.js';

const GROUP = 1_000;
/** What one statement reads at most, however much one account has: some 100 ms of work. */
const CHUNK = 50_000;
const MAX_MISMATCHES = 1_000;

const ACCOUNTS = `select user_id as "userId", reserved, open_count as "openCount", spent, front_left + rest as tokens,
    ${TOTAL} as total
  from accounts a where user_id > $1 order by user_id limit $2`;

interface AccountRow extends Sums {
  userId: number;
}

type Figure = 'reserved' | 'openCount' | 'spent' | 'tokens' | 'total';
type Sums = Record<Figure, number>;

/** What each figure is called in the answer, in its order. */
const FIGURES: [Figure, string][] = [
  ['openCount', 'open reservations'],
  ['reserved', 'reserved'],
  ['spent', 'spent'],
  ['total', 'total by entries'],
  ['tokens', 'total by grants'],
];

/** A table whose rows of one account add up to some of its figures; `first` is less than every id. */
interface Source {
  sums: string;
  lastId: string;
  rows: string;
  first: string | number;
}

const ENTRIES: Source = {
  sums: `sum(amount)::bigint as total, coalesce(sum(-amount) filter (where kind in ('charge', 'refund')), 0)::bigint as spent`,
  lastId: 'max(id)',
  rows: 'select user_id, id, amount, kind from entries',
  first: 0,
};
const GRANTS: Source = {
  sums: 'sum(left_over)::bigint as tokens',
  lastId: 'max(id)',
  rows: `select user_id, id, case when id = front_grant_id then front_left else remaining end as left_over
    from grants join accounts using (user_id)`,
  first: 0,
};
const HOLDS: Source = {
  sums: `coalesce(sum(amount) filter (where status = 'open'), 0)::bigint as reserved,
    count(*) filter (where status = 'open') as "openCount"`,
  lastId: 'max(id::text collate "C")',
  rows: 'select user_id, id, amount, status from reservations',
  first: '00000000-0000-0000-0000-000000000000',
};

/**
 * Each group is read in a snapshot of its own, which is enough: no sum goes over two accounts. So nothing here grows with
 * the ledger but the number of statements, and each of them is over soon.
 */
export async function audit(database: Database): Promise<Audit> {
  const found: Audit = { accounts: 0, entries: 0, mismatches: [] };
  for (let after: number | null = 0; after !== null; ) {
    const from: number = after;
    after = await database.transaction(async (tx) => {
      await tx.query('set transaction isolation level repeatable read');
      return auditGroup(tx, from, found);
    });
  }
  return found;
}

/** Returns the last account of the group, or null where it was the last group. */
async function auditGroup(tx: Queryable, after: number, found: Audit): Promise<number | null> {
  const accounts = await tx.query<AccountRow>(ACCOUNTS, [after, GROUP]);
  const last = accounts.at(-1)?.userId;
  if (last === undefined) return null;
  const expected = new Map(accounts.map(({ userId }) => [userId, nothing()]));
  const range = { after, last };
  found.entries += await addUp(tx, ENTRIES, range, expected);
  await addUp(tx, GRANTS, range, expected);
  await addUp(tx, HOLDS, range, expected);
  found.accounts += accounts.length;
  for (const account of accounts)
    found.mismatches.push(...mismatchesOf(account, expected.get(account.userId)));
  found.mismatches.splice(MAX_MISMATCHES);
  return accounts.length < GROUP ? null : last;
}

const nothing = (): Sums => ({ reserved: 0, openCount: 0, spent: 0, tokens: 0, total: 0 });

/** Adds the rows of these accounts to `into`; returns how many there were. */
async function addUp(
  tx: Queryable,
  { sums, lastId, rows, first }: Source,
  { after, last }: { after: number; last: number },
  into: Map<number, Sums>,
): Promise<number> {
  const statement = `select user_id as "userId", count(*) as rows, ${lastId} as "lastId", ${sums}
    from (${rows} where (user_id, id) > ($1, $2) and user_id <= $3 order by user_id, id limit ${CHUNK}) page
    group by user_id order by user_id`;
  type Row = Partial<Sums> & { userId: number; rows: number; lastId: string | number };
  let total = 0;
  let place: Pick<Row, 'userId' | 'lastId'> = { userId: after + 1, lastId: first };
  for (let read = CHUNK; read === CHUNK; total += read) {
    const groups: Row[] = await tx.query<Row>(statement, [place.userId, place.lastId, last]);
    read = 0;
    for (const group of groups) {
      read += group.rows;
      add(into.get(group.userId), group);
      place = group;
    }
  }
  return total;
}

function add(sums: Sums | undefined, more: Partial<Sums>): void {
  if (!sums) return;
  for (const [figure] of FIGURES) sums[figure] += more[figure] ?? 0;
}

function mismatchesOf(account: AccountRow, expected = nothing()): Mismatch[] {
  return FIGURES.filter(([figure]) => account[figure] !== expected[figure]).map(([figure, name]) => ({
    userId: account.userId,
    figure: name,
    expected: expected[figure],
    actual: account[figure],
  }));
}
