import { type Account, totalOf } from './account.js';
import { assertAccount } from './assert-account.js';
import { bringUpToDate } from './bring-up-to-date.js';
import type { Reservation } from './reservation.js';
import { squareUp } from './square-up.js';

/**
 * The order in which every slow call changes an account: what was due happens first, then the call decides, its credits
 * pay debt, and what it made due itself (paid time that ends in the past) happens too. `reservation` is the one that
 * the call names, as stored; if its hold has ended meanwhile, it is marked so before `act` sees it. Throws where the
 * result breaks an invariant: then nothing is saved.
 */
export async function changeAccount<T>(
  account: Account,
  reservation: Reservation | null,
  now: number,
  act: () => Promise<T> | T,
): Promise<T> {
  const totalBefore = totalOf(account);
  bringUpToDate(account, now);
  if (reservation?.status === 'open' && reservation.expiresAt <= now) {
    Object.assign(reservation, { status: 'expired', settledAt: reservation.expiresAt });
  }
  const value = await act();
  finishChange(account, now);
  assertAccount(account, totalBefore);
  return value;
}

/** What follows from a call at once. One whose answer tells of it asks for it before it answers; twice changes nothing. */
export function finishChange(account: Account, now: number): void {
  squareUp(account, now);
  bringUpToDate(account, now);
}
