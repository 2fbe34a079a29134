import type { Hold } from '../../../domain/account/account.js';
import { firstReservationUuid } from '../../../domain/account/reservation-id.js';
import { MAX_LIFE_MS } from '../../../domain/tokens/extend-reservation.js';
import type { Queryable } from '../driver/database.js';
import type { accounts } from '../schema/schema.js';
import { NEVER_HOT_MS } from './statement-text.js';

const MINUTE_MS = 60_000;
/**
 * Thousands come at once, so as one text of amounts and ends, the last to end first: 10,000 rows took the thread 40 ms
 * where this takes 4. In whole milliseconds begun, as a Date has them too.
 */
const OPEN_HOLDS = `select string_agg(amount || ' ' || floor(extract(epoch from expires_at) * 1000), ' '
    order by expires_at desc) as holds
  from reservations where user_id = $1 and id >= $2 and status = 'open'`;
const FIRST_UUID = firstReservationUuid(0);

interface OpenHolds {
  holds: Hold[];
  /** No open reservation's id is less. */
  madeSince: string;
}

/**
 * All open reservations of an account whose row is locked. There is no index of open ones, which every reserve and
 * commit would have to write. But an id tells when it was made, no hold lives longer than MAX_LIFE_MS, and the row knows
 * when the first one ends: so years of settled reservations are not looked at. Where that finds fewer than the row
 * counts (it leaves the ends of holds of 0 tokens out), everything is.
 */
export async function loadHolds(tx: Queryable, row: typeof accounts.$inferSelect): Promise<OpenHolds> {
  const { userId, openCount } = row;
  if (openCount === 0) return { holds: [], madeSince: FIRST_UUID };
  const firstEnd = firstEndOf(row);
  const since = firstEnd === null ? 0 : firstEnd.getTime() - MAX_LIFE_MS - MINUTE_MS;
  const madeSince = firstReservationUuid(since);
  const holds = await holdsSince(tx, userId, madeSince);
  if (holds.length === openCount) return { holds, madeSince };
  return { holds: await holdsSince(tx, userId, FIRST_UUID), madeSince: FIRST_UUID };
}

/** No hold ends earlier. Where hold_due_at only keeps hot calls away, next_due_at has the ends of holds. */
const firstEndOf = ({ holdDueAt, nextDueAt }: typeof accounts.$inferSelect): Date | null =>
  holdDueAt?.getTime() === NEVER_HOT_MS ? nextDueAt : holdDueAt;

async function holdsSince(tx: Queryable, userId: number, madeSince: string): Promise<Hold[]> {
  const [row] = await tx.query<{ holds: string | null }>(OPEN_HOLDS, [userId, madeSince]);
  const numbers = row?.holds?.split(' ') ?? [];
  const holds: Hold[] = [];
  for (let i = 0; i < numbers.length; i += 2) {
    holds.push({ amount: Number(numbers[i]), expiresAt: Number(numbers[i + 1]) });
  }
  return holds;
}
