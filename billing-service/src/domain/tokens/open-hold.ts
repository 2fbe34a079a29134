/** How a hold begins, goes on and ends on the slow path. */
import { type Account, availableOf, type Hold } from '../account/account.js';
import type { Reservation } from '../account/reservation.js';
import { allowed } from '../catalogue/overrides.js';
import type { ReserveItem } from '../ports/ledger.js';
import type { Refusal } from '../refusal.js';

/** The final word on an account that is up to now. */
export function refuseHold(account: Account, amount: number, now: number): Refusal | null {
  const tier = account.tierOf(account.plan.tier);
  const maxOpenReservations = allowed('maxOpenReservations', tier, account.overrides, now);
  if (maxOpenReservations !== null && account.holds.length >= maxOpenReservations) {
    return { kind: 'too_many_open_reservations', maxOpenReservations };
  }
  const available = availableOf(account);
  return available < amount ? { kind: 'insufficient_tokens', cost: amount, available } : null;
}

export function addHold(account: Account, { amount, expiresAt }: Hold): void {
  account.reserved += amount;
  account.holds.push({ amount, expiresAt });
}

/** Ends the hold of an open reservation; its tokens are available again. */
export function dropHold(account: Account, { amount, expiresAt }: Reservation): void {
  const at = account.holds.findIndex((hold) => hold.amount === amount && hold.expiresAt === expiresAt);
  if (at === -1) throw new Error('an open reservation has no hold in its account');
  account.holds.splice(at, 1);
  account.reserved -= amount;
}

/** As it begins, on the tier that the account is on now: the item's may be a moment older. */
export function openReservation(item: ReserveItem, tier: string): Reservation {
  const { userId, id, reference, operation, amount, createdAt, expiresAt, metadata, model } = item;
  const { priceVersion, terms } = item;
  return {
    ...{ userId, id, reference, operation, amount, createdAt, expiresAt, metadata, tier, model },
    ...{ priceVersion, terms, commitTerms: null },
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
    former: null,
  };
}
