import type { Account } from '../account/account.js';
import { done, type Outcome, withIdempotency } from '../account/idempotency.js';
import { decodeReservationId } from '../account/reservation-id.js';
import { orUnknownReservation } from '../account/unknown-account.js';
import type { Deps } from '../deps.js';
import type { AccountTransaction, IdempotencyKey } from '../ports/ledger.js';
import { refuse } from '../refusal.js';
import { addHold, dropHold } from './open-hold.js';

export interface Extended {
  reservationId: string;
  expiresAt: number;
}

/** No hold outlives its creation by more than this. */
export const MAX_LIFE_MS = 24 * 60 * 60 * 1000;

/**
 * Keeps an open reservation for at least `ttlSeconds` from now, at most 24 h after its creation; never shortens it.
 * Refusals: unknown_reservation, reservation_settled, reservation_expired.
 */
export async function extendReservation(
  deps: Deps,
  { reservationId, ttlSeconds }: { reservationId: string; ttlSeconds: number },
  key: IdempotencyKey | undefined,
): Promise<Outcome<Extended>> {
  const target = decodeReservationId(reservationId);
  if (!target) return refuse({ kind: 'unknown_reservation', reservationId });
  const until = deps.clock.now() + ttlSeconds * 1000;
  const hot = await deps.ledger.transition({
    ...target,
    act: 'extend',
    reservationId,
    asked: null,
    until,
    metadata: null,
    model: null,
    terms: null,
    key,
  });
  if (hot.status === 'done') return done({ reservationId, expiresAt: hot.expiresAt as number });
  return orUnknownReservation(reservationId, () =>
    withIdempotency<Extended>(
      deps,
      { userId: target.userId, reservationId: target.id, key, status: 200 },
      (account, tx) => extendSlowly(account, tx, reservationId, until),
    ),
  );
}

async function extendSlowly(
  account: Account,
  tx: AccountTransaction,
  reservationId: string,
  until: number,
): Promise<Outcome<Extended>> {
  const r = tx.reservation;
  if (!r) return refuse({ kind: 'unknown_reservation', reservationId });
  if (r.status === 'expired') return refuse({ kind: 'reservation_expired' });
  if (r.status !== 'open') return refuse({ kind: 'reservation_settled', status: r.status });
  dropHold(account, r);
  r.expiresAt = Math.max(r.expiresAt, Math.min(until, r.createdAt + MAX_LIFE_MS));
  addHold(account, r);
  await tx.updateReservation(r);
  return done({ reservationId, expiresAt: r.expiresAt });
}
