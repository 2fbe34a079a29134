/** What the sweeper looks for. */

import type { HoldsPage } from '../../../domain/ports/holds-page.js';
import { plainArray } from '../driver/array-literal.js';
import type { Database } from '../driver/database.js';
import { holdsOver } from './statement-text.js';

/** How far ahead of the soonest the sweeper may reach, so that instances take different accounts where many are due. */
const DUE_WINDOW = 5_000;

/** Some of the soonest, by chance: all of them where they are no more than `limit`. */
export async function dueAccounts(
  database: Database,
  { now, limit, except }: { now: number; limit: number; except: readonly number[] },
): Promise<number[]> {
  const rows = await database.query<{ user_id: number }>(
    `select user_id from (
       select user_id from accounts where next_due_at <= $1 and user_id <> all($2::bigint[])
       order by next_due_at limit ${DUE_WINDOW}
     ) soonest order by random() limit $3`,
    [new Date(now), plainArray(except), limit],
  );
  return rows.map((row) => row.user_id);
}

/** When the account that is due for longest became so; by the same index, and null where the first is due in future. */
export async function dueSince(database: Database): Promise<number | null> {
  const rows = await database.query<{ next_due_at: Date }>(
    'select next_due_at from accounts where next_due_at is not null order by next_due_at limit 1',
  );
  return rows[0]?.next_due_at.getTime() ?? null;
}

/**
 * An account that must not be hot (NEVER_HOT_MS) is left to dueAccounts: its next_due_at has the ends of its holds, too.
 * There is no index on the ends of holds, because every reserve and commit would have to write it. So the sweeper walks
 * the accounts page by page; an account that is used in between is brought up to now anyway.
 */
export async function overdueHolds(
  database: Database,
  { now, afterUserId, limit }: { now: number; afterUserId: number | null; limit: number },
): Promise<HoldsPage> {
  // One row back: reading 5,000 of them kept this thread from answering anybody for 3 to 4 ms, every second.
  const [row] = await database.query<{
    last_user_id: number | null;
    looked_at: number;
    overdue: string | null;
    open: number;
    tokens: number;
    due_at: Date | null;
  }>(
    `select max(user_id) as last_user_id, count(*) as looked_at,
       string_agg(user_id::text, ',' order by user_id) filter (where is_overdue) as overdue,
       coalesce(sum(open_count), 0)::bigint as open, coalesce(sum(reserved), 0)::bigint as tokens,
       min(hold_due_at) filter (where is_overdue) as due_at
     from (
       select user_id, open_count, reserved, hold_due_at, ${holdsOver('$1')} as is_overdue
       from accounts a
       where user_id > (select coalesce($2::bigint, floor(random() * max(user_id))::bigint) from accounts)
       order by user_id limit $3
     ) page`,
    [new Date(now), afterUserId, limit],
  );
  return {
    lastUserId: row && row.looked_at === limit ? row.last_user_id : null,
    userIds: row?.overdue?.split(',').map(Number) ?? [],
    open: { holds: row?.open ?? 0, tokens: row?.tokens ?? 0, overdueSince: row?.due_at?.getTime() ?? null },
  };
}

/** Skips those that another instance is deleting. */
export async function forgetAnswers(database: Database, before: number, limit: number): Promise<number> {
  const rows = await database.query<{ count: number }>(
    `with gone as (
       delete from idempotency_keys where ctid = any(array(
         select ctid from idempotency_keys where created_at < $1 limit $2 for update skip locked
       )) returning 1
     )
     select count(*) as count from gone`,
    [new Date(before), limit],
  );
  return rows[0]?.count ?? 0;
}
