import type { UsageRequest } from '../../../domain/ports/usage-store.js';
import type { Queryable } from '../driver/database.js';
import { lengthOf } from './ledger-reach.js';
import { type Lines, type Put, usageLines } from './usage-lines.js';

/** Further down the list all figures of all users are summed at once. */
const MOST = 1_000;
/** Entries are read twice for it. */
const MOST_ENTRIES = 50_000;

/**
 * Who stands on the page that is asked for and on those before, by the one figure that orders them: the others are then
 * summed for these few. Undefined where that does not tell: who was charged nothing is in the answer only if something
 * else happened.
 */
export async function topUsers(
  tx: Pick<Queryable, 'query'>,
  { by, userId, skip, limit }: UsageRequest,
  lines: Lines,
): Promise<number[] | undefined> {
  const most = skip + limit;
  const entries = lines.reaches.reduce((sum, reach) => sum + lengthOf(reach), 0);
  const isOfUsers = by.length === 1 && by[0] === 'user' && userId === undefined;
  if (!isOfUsers || most > MOST || entries > MOST_ENTRIES) return undefined;
  const values: unknown[] = [];
  const put: Put = (value, type) => `$${values.push(value)}::${type}`;
  const found = await tx.query<{ userId: number; charged: number }>(
    `select user_id as "userId", sum(charged)::bigint as charged from (${usageLines(lines, put)}) line
     group by user_id order by charged desc, user_id limit ${put(most, 'integer')}`,
    values,
  );
  const last = found.at(-1);
  if (found.length < most || !last || Number(last.charged) === 0) return undefined;
  return found.map((user) => user.userId);
}
