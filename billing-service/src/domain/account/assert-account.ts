import { type Account, tokensIn, totalOf } from './account.js';
import { partsOf, type Reservation } from './reservation.js';
import { holdsRevoked } from './square-up.js';

/** All that is looked at here, by the names that a log and a figure give it. */
export const INVARIANTS = [
  'whole-tokens',
  'no-negative',
  'unread-grants-have-tokens',
  'debt-has-no-tokens-left',
  'reserved-is-open-holds',
  'entries-tell-every-change',
  'refunded-tokens-are-held',
  'grant-within-its-amount',
  'refunded-within-charge',
  'charged-within-asked',
  'parts-are-the-charge',
  'hold-is-whole',
] as const;

export type Invariant = (typeof INVARIANTS)[number];

/** An account that breaks its own rules. Nothing of it is saved: the call is a 500 and a metric, never a wrong balance. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';

  constructor(
    readonly rule: Invariant,
    userDetail: string,
  ) {
    super(`${rule}: ${userDetail}`);
  }
}

/**
 * What must hold of an account before it is saved, whatever was done to it (design: invariants 1 and 3). Cheap: one pass
 * over what is in memory anyway. `totalBefore` is the total as it was loaded.
 */
export function assertAccount(account: Account, totalBefore: number): void {
  const { reserved, debt, spent, unread } = account;
  const tokens = tokensIn(account);
  const held = account.holds.reduce((sum, hold) => sum + hold.amount, 0);
  const written = account.entries.reduce((sum, entry) => sum + entry.amount, 0);
  const total = totalOf(account);
  must('whole-tokens', [reserved, debt, spent, tokens, total].every(Number.isSafeInteger), {
    reserved,
    debt,
    spent,
    tokens,
  });
  must('no-negative', reserved >= 0 && debt >= 0 && spent >= 0, { reserved, debt, spent });
  must('unread-grants-have-tokens', unread === null || unread.tokens > 0, { unread: unread?.tokens ?? 0 });
  must('debt-has-no-tokens-left', debt === 0 || tokens === 0, { debt, tokens });
  must('reserved-is-open-holds', reserved === held, { reserved, held });
  must('entries-tell-every-change', total - totalBefore === written, { total, totalBefore, written });
  must('refunded-tokens-are-held', !holdsRevoked(account) || total <= reserved, { total, reserved });
  for (const { id, amount, remaining, ended } of account.grants) {
    must('grant-within-its-amount', remaining >= 0 && ended >= 0 && remaining + ended <= amount, {
      id,
      amount,
      remaining,
      ended,
    });
  }
}

/** The same of the reservation that a call changed. */
export function assertReservation(reservation: Reservation): void {
  const { amount, charged, refundedTotal, asked, status } = reservation;
  // A release gives the hold back, which was never charged.
  const givable = status === 'refunded' ? amount : charged;
  const parts = partsOf(reservation).reduce((sum, [, tokens]) => sum + tokens, 0);
  must('refunded-within-charge', refundedTotal >= 0 && refundedTotal <= givable, { refundedTotal, givable });
  must('charged-within-asked', charged >= 0 && charged <= (asked ?? 0), { charged, asked: asked ?? 0 });
  must('parts-are-the-charge', parts === charged, { parts, charged });
  must('hold-is-whole', Number.isSafeInteger(amount) && amount >= 0, { amount });
}

/** Figures only: what is thrown here reaches a log. */
function must(rule: Invariant, holds: boolean, figures: Record<string, number>): void {
  if (!holds) throw new InvariantError(rule, JSON.stringify(figures));
}
