/** Accounts as they stand in the database, without settling anything, and the invariants that hold at every moment. */
import type { Database } from '../../src/stores/postgres/driver/database.js';

export interface AccountRow {
  user: string;
  user_id: number;
  tier: string;
  anchor: number | null;
  period: number;
  tier_due_at: number | null;
  reserved: number;
  open_count: number;
  total: number;
  debt: number;
  spent: number;
  next_due_at: number | null;
  hold_due_at: number | null;
  grants: {
    source: string;
    left: number;
    expiresAt: number | null;
    endsAt: number | null;
    key: string | null;
  }[];
  held: { amount: number; expiresAt: number }[];
  entries: { kind: string; amount: number; balanceAfter: number; uncollected: number }[];
  settled_badly: number;
}

const MS = (column: string) => `floor(extract(epoch from ${column}) * 1000 + 0.5)::bigint`;

const ACCOUNTS = `
select r.reference as "user", a.user_id, u.tier, ${MS('u.anchor')} as anchor, u.period,
  ${MS('u.tier_due_at')} as tier_due_at, a.reserved, a.open_count, a.front_left + a.rest - a.debt as total,
  a.debt, a.spent, ${MS('a.next_due_at')} as next_due_at, ${MS('a.hold_due_at')} as hold_due_at,
  (select coalesce(json_agg(json_build_object('source', g.source, 'left', g.tokens, 'endsAt', ${MS('g.ends_at')},
     'expiresAt', ${MS('g.expires_at')}, 'key', g.tenure || '/' || g.period || '/' || g.source)
     order by g.expires_at nulls last, g.id), '[]')
   from (select g.*, case when g.id = a.front_grant_id then a.front_left else g.remaining end as tokens
         from grants g where g.user_id = a.user_id) g where g.tokens > 0) as grants,
  (select coalesce(json_agg(json_build_object('amount', h.amount, 'expiresAt', ${MS('h.expires_at')})), '[]')
   from reservations h where h.user_id = a.user_id and h.status = 'open') as held,
  (select coalesce(json_agg(json_build_object('kind', e.kind, 'amount', e.amount, 'balanceAfter', e.balance_after,
     'uncollected', coalesce(e.uncollected, 0))
     order by e.id), '[]') from entries e where e.user_id = a.user_id) as entries,
  (select count(*)::int from reservations h where h.user_id = a.user_id and (
     h.status = 'committed' and (h.refunded_total > h.charged or h.charged > coalesce(h.asked, h.amount))
     or h.status <> 'committed' and h.charged > 0)) as settled_badly
from accounts a join users u on u.id = a.user_id join user_references r on r.user_id = a.user_id
where r.reference = any($1) order by r.reference`;

export const readRows = (database: Database, users: string[]): Promise<AccountRow[]> =>
  database.query<AccountRow>(ACCOUNTS, [users]);

const sum = (amounts: number[]): number => amounts.reduce((a, b) => a + b, 0);

/** What of design §4 does not hold; empty where all is well. */
export function broken(row: AccountRow): string[] {
  const faults: string[] = [];
  const hold = (name: string, fine: boolean) => {
    if (!fine) faults.push(name);
  };
  const spent = row.entries.filter((e) => e.kind === 'charge' || e.kind === 'refund');
  hold(
    'only charges leave something uncollected',
    row.entries.every((e) => e.kind === 'charge' || e.uncollected === 0),
  );
  hold('total = sum of entries', row.total === sum(row.entries.map((e) => e.amount)));
  hold('total = remaining of grants - debt', row.total === sum(row.grants.map((g) => g.left)) - row.debt);
  hold('reserved = sum of open holds', row.reserved === sum(row.held.map((h) => h.amount)));
  hold('open_count = open holds', row.open_count === row.held.length);
  hold('spent = charged - refunded', row.spent === -sum(spent.map((e) => e.amount)));
  hold('debt only without tokens', row.debt === 0 || row.total === -row.debt);
  hold(
    'no entry of 0, but a charge that collected nothing of what was asked',
    row.entries.every((e) => e.amount !== 0 || (e.kind === 'charge' && e.uncollected > 0)),
  );
  hold('a reservation is settled once, refunded <= charged', row.settled_badly === 0);
  let balance = 0;
  hold(
    'balanceAfter is a running sum',
    row.entries.every((e) => {
      balance += e.amount;
      return e.balanceAfter === balance;
    }),
  );
  const ends = row.grants.flatMap((g) => (g.endsAt === null ? [] : [g.endsAt]));
  hold(
    'no end of a grant is overlooked',
    ends.length === 0 || (row.next_due_at ?? Infinity) <= Math.min(...ends),
  );
  const holds = row.held.filter((h) => h.amount > 0).map((h) => h.expiresAt);
  hold(
    'no end of a hold is overlooked',
    holds.length === 0 || (row.hold_due_at ?? Infinity) <= Math.min(...holds),
  );
  return faults;
}
