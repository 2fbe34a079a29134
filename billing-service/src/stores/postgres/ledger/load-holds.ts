import type { Hold } from '../../../domain/account/account.js';
import { firstReservationUuid } from '../../../domain/account/reservation-id.js';
import { MAX_LIFE_MS } from '../../../domain/tokens/extend-reservation.js';
import type { Queryable } from '../driver/database.js';
import type { accounts } from '../schema/schema.js';

const MINUTE_MS = 60_000;
/** As the domain has them: a row of drizzle's took three times as long, and thousands come at once. */
const OPEN_HOLDS = `select id, amount, (extract(epoch from expires_at) * 1000)::bigint as "expiresAt"
  from reservations where user_id = $1 and id >= $2 and status = 'open' order by id`;
const FIRST_UUID = firstReservationUuid(0);

/**
 * All open reservations of an account whose row is locked. There is no index of open ones, which every reserve and
 * commit would have to write. But an id tells when it was made, no hold lives longer than MAX_LIFE_MS, and the row knows
 * when the first one ends: so years of settled reservations are not looked at. Where that finds fewer than the row
 * counts (it leaves the ends of holds of 0 tokens out), everything is.
 */
export async function loadHolds(tx: Queryable, row: typeof accounts.$inferSelect): Promise<Hold[]> {
  const { userId, openCount, holdDueAt } = row;
  if (openCount === 0) return [];
  const madeSince = holdDueAt === null ? 0 : holdDueAt.getTime() - MAX_LIFE_MS - MINUTE_MS;
  const holds = await tx.query<Hold>(OPEN_HOLDS, [userId, firstReservationUuid(madeSince)]);
  return holds.length === openCount ? holds : tx.query<Hold>(OPEN_HOLDS, [userId, FIRST_UUID]);
}
