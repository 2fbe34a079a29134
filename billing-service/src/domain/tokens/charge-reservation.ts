import { type Account, availableOf, balanceOf, record } from '../account/account.js';
import { burn } from '../account/burn.js';
import type { Reservation } from '../account/reservation.js';
import { commitTermsKept } from '../account/reservation-receipt.js';
import { squareUp } from '../account/square-up.js';
import { allowed } from '../catalogue/overrides.js';
import type { Refusal } from '../refusal.js';
import { dropHold } from './open-hold.js';

/**
 * Commits an open or expired reservation at its actual cost. The work is done, so a lack of tokens is no reason to
 * refuse: the charge takes the hold, what is available and the overdraft, and the rest stays uncollected. An expired
 * reservation (late) has no hold left, and is refused only if nothing at all can be charged.
 */
export function chargeReservation(
  account: Account,
  r: Reservation,
  commit: { asked: number; terms: string | null; metadata: string | null; priceList: number; now: number },
): Refusal | null {
  const late = r.status === 'expired';
  const overdraft = allowed('overdraft', account.tierOf(account.plan.tier), account.overrides, commit.now);
  const charged = Math.min(
    commit.asked,
    (late ? 0 : r.amount) + Math.max(0, availableOf(account) + overdraft),
  );
  if (late && charged === 0) return { kind: 'reservation_expired' };
  if (!late) dropHold(account, r);
  const parts = burn(account, charged);
  const owed = charged - parts.reduce((sum, [, tokens]) => sum + tokens, 0);
  if (owed > 0) {
    account.debt += owed;
    parts.push([null, owed]);
  }
  account.spent += charged;
  const [only] = parts;
  const whole = parts.length === 1 && only?.[0] !== null;
  Object.assign(r, {
    status: 'committed',
    settledAt: commit.now,
    asked: commit.asked,
    commitTerms: commitTermsKept(r.terms, commit.terms),
    charged,
    late,
    grantId: whole ? only?.[0] : null,
    parts: whole || parts.length === 0 ? null : parts,
  });
  const uncollected = commit.asked - charged;
  // Work of which nothing could be charged is told, too: what was lost would be in no sum otherwise.
  if (charged > 0 || uncollected > 0) {
    record(account, {
      kind: 'charge',
      amount: 0 - charged,
      uncollected,
      operation: r.operation,
      tier: r.tier,
      model: r.model,
      reservationId: r.id,
      metadata: commit.metadata ?? r.metadata,
      createdAt: commit.now,
    });
  }
  squareUp(account, commit.now);
  const { available, reserved } = balanceOf(account);
  Object.assign(r, {
    commitAvailable: available,
    commitReserved: reserved,
    commitPriceList: commit.priceList,
  });
  return null;
}
