/** One account with a crowd of holds or grants costs as many statements as any other. */
import t from 'tap';
import { bringAccountUpToDate } from '../../src/domain/account/read-account.js';
import { BOTH } from '../support/databases.js';
import { countedStatements } from './counted-statements.js';

const HOUR_MS = 3_600_000;

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(
    `${kind}: 10,000 overdue holds end in as many statements, and rows read, as 10 do, each at its own time`,
    async (t) => {
      const { farebox, sent, userId } = await countedStatements(t, await fresh(t));
      const { database, clock, ledger } = farebox;
      await ledger.withAccount({ userId }, () => undefined);
      /** Holds of 2 tokens, a second apart; with settled ones between and long before them. */
      const hold = (count: number) =>
        database.query(
          `with old as (
           insert into reservations (user_id, id, reference, operation, amount, status, created_at, expires_at)
           select $1, overlay(gen_random_uuid()::text placing '0198f6a0-0000-7' from 1 for 15)::uuid, 'web:crowded',
             'chat', 2, 'expired', $3::timestamptz, $3::timestamptz from generate_series(1, 100)
         ), made as (
           insert into reservations (user_id, id, reference, operation, amount, created_at, expires_at)
           select $1, overlay(gen_random_uuid()::text placing $4 from 1 for 15)::uuid, 'web:crowded', 'chat', 2,
             $3::timestamptz, $3::timestamptz + i * interval '1 second' from generate_series(1, $2::integer) i
         ), given as (
           insert into grants (user_id, id, source, amount, remaining, created_at)
           select $1, coalesce(max(id), 0) + 1, 'promo', 2 * $2::integer, 2 * $2::integer, $3 from grants where user_id = $1
         ), booked as (
           insert into entries (user_id, kind, amount, balance_after, created_at)
           select $1, 'grant', 2 * $2::integer, 2 * $2::integer, $3
         )
         update accounts set reserved = reserved + 2 * $2::integer, open_count = open_count + $2::integer,
           rest = rest + 2 * $2::integer, hold_due_at = $3::timestamptz + interval '1 second' where user_id = $1`,
          [userId, count, new Date(clock.nowMs), uuidHead(clock.nowMs)],
        );
      const costOf = async (count: number) => {
        await hold(count);
        clock.nowMs += HOUR_MS * 4;
        const before = { ...sent };
        await bringAccountUpToDate({ ledger }, userId);
        return { statements: sent.statements - before.statements, rows: sent.rows - before.rows };
      };
      const few = await costOf(10);
      // The one row more is the grant that covers them.
      t.strictSame(await costOf(10_000), { ...few, rows: few.rows + 1 });
      const [row] = await database.query<{ open: number; late: number; reserved: number }>(
        `select count(*) filter (where status = 'open') as open,
         count(*) filter (where status = 'expired' and amount = 2 and settled_at is distinct from expires_at
           and created_at <> expires_at) as late,
         (select reserved from accounts where user_id = $1) as reserved
       from reservations where user_id = $1`,
        [userId],
      );
      t.strictSame(row, { open: 0, late: 0, reserved: 0 });
      t.strictSame((await ledger.audit()).mismatches, []);
    },
  );
}

/** What a UUID v7 of this moment begins with. */
function uuidHead(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
}
