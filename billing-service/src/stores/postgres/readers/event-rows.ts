import type { NewEvent } from '../../../domain/events/event.js';
import { plainArray, textArray } from '../driver/array-literal.js';
import type { Queryable } from '../driver/database.js';

const COUNT = `insert into event_counts (user_id, last)
select * from unnest($1::bigint[], $2::bigint[])
on conflict (user_id) do update set last = event_counts.last + excluded.last
returning user_id as "userId", last`;

const GO_ON = `insert into event_counts (user_id, last)
select $1::bigint, coalesce(max(last), 0) from event_counts
where user_id in (select user_id from former_users where merged_into = $1)
on conflict (user_id) do update set last = greatest(event_counts.last, excluded.last)`;

/** In their order: an identity is drawn for each row as it comes from the sort. */
const INSERT = `insert into events (type, user_id, sequence, at, told_at, data)
select type, user_id, sequence, at, $6, data
from unnest($1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::text[])
  with ordinality as e(type, user_id, sequence, at, data, ord)
order by ord`;

/** Numbers each user's events and adds them to the feed, in one transaction with the mark. */
export async function insertEvents(
  tx: Pick<Queryable, 'query'>,
  told: readonly NewEvent[],
  now: number,
): Promise<void> {
  // What was told of a user who was merged comes before that; what follows goes on from the greater number.
  const at = told.findIndex(({ type }, i) => i > 0 && type === 'user.merged');
  if (at > 0) {
    await insertEvents(tx, told.slice(0, at), now);
    return insertEvents(tx, told.slice(at), now);
  }
  const [first] = told;
  if (!first) return;
  if (first.type === 'user.merged') await tx.query(GO_ON, [first.userId]);
  const next = await firstNumbers(tx, told);
  const sequences = told.map(({ userId }) => {
    if (userId === null) return null;
    const sequence = next.get(userId) as number;
    next.set(userId, sequence + 1);
    return sequence;
  });
  await tx.query(INSERT, [
    textArray(told.map(({ type }) => type)),
    plainArray(told.map(({ userId }) => userId)),
    plainArray(sequences),
    textArray(told.map(({ at }) => new Date(at).toISOString())),
    textArray(told.map(({ data }, i) => JSON.stringify({ sequence: sequences[i], ...data }))),
    new Date(now),
  ]);
}

async function firstNumbers(
  tx: Pick<Queryable, 'query'>,
  told: readonly NewEvent[],
): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (const { userId } of told) if (userId !== null) counts.set(userId, (counts.get(userId) ?? 0) + 1);
  if (counts.size === 0) return new Map();
  const rows = await tx.query<{ userId: number; last: number }>(COUNT, [
    plainArray([...counts.keys()]),
    plainArray([...counts.values()]),
  ]);
  return new Map(rows.map(({ userId, last }) => [userId, last - (counts.get(userId) as number) + 1]));
}
