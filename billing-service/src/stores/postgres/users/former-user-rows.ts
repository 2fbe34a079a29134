import type { Queryable } from '../driver/database.js';

/**
 * Call it under the account's lock. Without a row in accounts no statement acts on the number any more, hot or slow, and
 * no call has to ask.
 */
async function leave(tx: Queryable, userId: number): Promise<void> {
  await tx.query('delete from user_references where user_id = $1', [userId]);
  await tx.query('delete from users where id = $1', [userId]);
  await tx.query('delete from accounts where user_id = $1', [userId]);
}

/** Those who were merged into this user are the same person. */
export async function eraseUser(tx: Queryable, userId: number, now: number): Promise<void> {
  await leave(tx, userId);
  await tx.query('update former_users set merged_into = null, texts_left = true where merged_into = $1', [
    userId,
  ]);
  await tx.query('insert into former_users (user_id, at, texts_left) values ($1, $2, true)', [
    userId,
    new Date(now),
  ]);
}

/** What is of a user, and not in the account itself; entries, reservations and events stay with the number. */
const MOVED = [
  'update grants set user_id = $1, id = id + $3, tenure = tenure + $4 where user_id = $2',
  // Before the account goes: what it had spent is told by entries of another number from now on. In the order of users,
  // as everybody takes more than one.
  `insert into carried as c (user_id, spent)
     select part.user_id, part.spent from accounts a
       cross join lateral (values ($1::bigint, a.spent), ($2::bigint, -a.spent)) part (user_id, spent)
       where a.user_id = $2 and a.spent <> 0 order by part.user_id
   on conflict (user_id) do update set spent = c.spent + excluded.spent`,
  'update payments set user_id = $1 where user_id = $2',
  'update promo_redemptions set user_id = $1 where user_id = $2',
  'update user_references set user_id = $1 where user_id = $2',
  // A key that stands for a call of both stands for the other's from now on: sent again, it is refused, and not done twice.
  `update idempotency_keys k set user_id = $1 where user_id = $2 and not exists (
     select from idempotency_keys mine where mine.user_id = $1 and mine.key_hash = k.key_hash)`,
  `insert into refusals (user_id, hour, operation, kind, count)
     select $1::bigint, hour, operation, kind, count from refusals where user_id = $2
   on conflict (user_id, hour, operation, kind) do update set count = refusals.count + excluded.count`,
  'delete from refusals where user_id = $2 and $1::bigint > 0',
  'delete from limit_hits where user_id = $2 and $1::bigint > 0',
  `update users u set username = coalesce(u.username, f.username), first_name = coalesce(u.first_name, f.first_name),
     locale = coalesce(u.locale, f.locale), created_at = least(u.created_at, f.created_at),
     block_reason = case when u.blocked_at is null then f.block_reason else u.block_reason end,
     blocked_at = coalesce(u.blocked_at, f.blocked_at)
   from users f where u.id = $1 and f.id = $2`,
  'update former_users set merged_into = $1, grant_offset = grant_offset + $3 where merged_into = $2',
];

export async function moveRows(
  tx: Queryable,
  { userId, from }: { userId: number; from: number },
  { grantOffset, tenureOffset }: { grantOffset: number; tenureOffset: number },
  now: number,
): Promise<void> {
  for (const text of MOVED) {
    const values = [userId, from, grantOffset, tenureOffset];
    await tx.query(text, values.slice(0, text.includes('$4') ? 4 : text.includes('$3') ? 3 : 2));
  }
  await leave(tx, from);
  await tx.query(
    'insert into former_users (user_id, merged_into, grant_offset, at) values ($2, $1, $3, $4)',
    [...[userId, from, grantOffset], new Date(now)],
  );
}

export async function mergedInto(tx: Pick<Queryable, 'query'>, userId: number): Promise<number | null> {
  const [row] = await tx.query<{ into: number | null }>(
    'select merged_into as "into" from former_users where user_id = $1',
    [userId],
  );
  return row?.into ?? null;
}

/** Where a reservation that a former user made is kept, and what is added to the numbers of the grants that it names. */
export const FORMER =
  'select user_id as "userId", grant_offset as "grantOffset" from former_users where merged_into = $1';
