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
