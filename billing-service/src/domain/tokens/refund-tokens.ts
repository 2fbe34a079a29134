import { type Account, balanceOf } from '../account/account.js';
import type { Balance } from '../account/balance.js';
import { done, type Outcome, withIdempotency } from '../account/idempotency.js';
import type { Reservation, ReservationStatus } from '../account/reservation.js';
import { decodeReservationId } from '../account/reservation-id.js';
import { squareUp } from '../account/square-up.js';
import { orUnknownReservation } from '../account/unknown-account.js';
import type { Deps } from '../deps.js';
import type { AccountTransaction, IdempotencyKey } from '../ports/ledger.js';
import { refuse } from '../refusal.js';
import { dropHold } from './open-hold.js';
import { returnCharge } from './return-charge.js';

export interface Refunded {
  reservationId: string;
  status: ReservationStatus;
  /** By this call. */
  refunded: number;
  refundedTotal: number;
  balance: Balance;
}

export interface RefundInput {
  reservationId: string;
  /** Absent: all that is left. */
  amount: number | undefined;
  reason: string | undefined;
}

/**
 * Gives back an open reservation whole, or all or part of a committed one. Everything given back already: refunded 0.
 * Refusals: unknown_reservation, refund_exceeds_commit, reservation_expired, invalid (part of an open one).
 */
export async function refundTokens(
  deps: Deps,
  input: RefundInput,
  key: IdempotencyKey | undefined,
): Promise<Outcome<Refunded>> {
  const { reservationId } = input;
  const target = decodeReservationId(reservationId);
  if (!target) return refuse({ kind: 'unknown_reservation', reservationId });
  if (input.amount === undefined) {
    const hot = await deps.ledger.transition({
      ...target,
      act: 'release',
      reservationId,
      asked: null,
      until: null,
      metadata: null,
      model: null,
      terms: null,
      key,
    });
    if (hot.status === 'done') {
      const { hold, balance } = hot;
      return done({ reservationId, status: 'refunded', refunded: hold, refundedTotal: hold, balance });
    }
  }
  return orUnknownReservation(reservationId, () =>
    withIdempotency<Refunded>(
      deps,
      { userId: target.userId, reservationId: target.id, key, status: 200 },
      (account, tx) => refundSlowly(account, tx, input),
    ),
  );
}

async function refundSlowly(
  account: Account,
  tx: AccountTransaction,
  input: RefundInput,
): Promise<Outcome<Refunded>> {
  const { reservationId, amount } = input;
  const r = tx.reservation;
  if (!r) return refuse({ kind: 'unknown_reservation', reservationId });
  if (r.status === 'expired') return refuse({ kind: 'reservation_expired' });
  const answer = (refunded: number) =>
    done({
      reservationId,
      status: r.status,
      refunded,
      refundedTotal: r.refundedTotal,
      balance: balanceOf(account),
    });
  const nothingLeft = () => {
    tx.describe(null);
    return answer(0);
  };
  tx.describe({ target: reservationId, reason: input.reason ?? null });
  if (r.status === 'refunded') return nothingLeft();
  if (r.status === 'committed') {
    const left = r.charged - r.refundedTotal;
    if (amount !== undefined && (amount > r.charged || (left > 0 && amount > left))) {
      return refuse({ kind: 'refund_exceeds_commit', refundable: left });
    }
    const tokens = Math.min(left, amount ?? left);
    if (tokens === 0) return nothingLeft();
    returnCharge(account, r, tokens, tx.now, reasonOf(input));
    await tx.updateReservation(r);
    return answer(tokens);
  }
  if (amount !== undefined && amount !== r.amount) {
    const message = `an open reservation is given back whole: leave amount out or send ${r.amount}`;
    return refuse({ kind: 'invalid', errors: [{ field: 'amount', message }] });
  }
  release(account, r, tx.now);
  squareUp(account, tx.now);
  await tx.updateReservation(r);
  return answer(r.amount);
}

const reasonOf = ({ reason }: RefundInput): string | null =>
  reason === undefined ? null : JSON.stringify({ reason });

function release(account: Account, r: Reservation, now: number): void {
  dropHold(account, r);
  Object.assign(r, { status: 'refunded', settledAt: now, refundedTotal: r.amount });
}
