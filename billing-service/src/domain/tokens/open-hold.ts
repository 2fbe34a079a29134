/** How a hold begins on the slow path. */
import { type Account, availableOf } from '../account/account.js';
import type { Reservation } from '../account/reservation.js';
import type { ReserveItem } from '../ports/ledger.js';
import type { Refusal } from '../refusal.js';

/** The final word on an account that is up to now. */
export function refuseHold(account: Account, amount: number): Refusal | null {
  const { maxOpenReservations } = account.tierOf(account.plan.tier);
  if (maxOpenReservations !== null && account.holds.length >= maxOpenReservations) {
    return { kind: 'too_many_open_reservations', maxOpenReservations };
  }
  const available = availableOf(account);
  return available < amount ? { kind: 'insufficient_tokens', cost: amount, available } : null;
}

/** As it begins. */
export function openReservation(item: ReserveItem): Reservation {
  const { userId, id, reference, operation, amount, createdAt, expiresAt, metadata } = item;
  return {
    ...{ userId, id, reference, operation, amount, createdAt, expiresAt, metadata },
    status: 'open',
    settledAt: null,
    asked: null,
    charged: 0,
    refundedTotal: 0,
    late: false,
    grantId: null,
    parts: null,
    commitAvailable: null,
    commitReserved: null,
    commitPriceList: null,
  };
}
