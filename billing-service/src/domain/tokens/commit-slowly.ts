/** The commit of a reservation that is locked, on an account that is up to now. */
import type { Account } from '../account/account.js';
import { type Affordable, affordable, type Balance } from '../account/balance.js';
import { done, type Earlier, type Outcome, seedOf } from '../account/idempotency.js';
import type { Reservation } from '../account/reservation.js';
import type { Receipt } from '../catalogue/price-work.js';
import type { AccountTransaction } from '../ports/ledger.js';
import { type Refusal, refuse } from '../refusal.js';
import { chargeReservation } from './charge-reservation.js';
import type { PricedCommit } from './price-commit.js';

export interface Committed {
  reservationId: string;
  user: string;
  operation: string;
  status: 'committed';
  /** The hold. */
  reserved: number;
  /** What was charged. */
  amount: number;
  released: number;
  uncollected: number;
  late: boolean;
  receipt: Receipt;
  balance: Balance;
  affordable: Affordable;
}

/** As it is stored under a key: the receipt is the reservation's to keep. */
export type Unreceipted = Omit<Committed, 'receipt'>;

interface Asked extends PricedCommit {
  reservationId: string;
  /** JSON text. */
  metadata: string | null;
  model: string | null;
}

export async function commitSlowly(
  account: Account,
  tx: AccountTransaction,
  { reservationId, asked: said, terms, metadata, model }: Asked,
): Promise<Outcome<Unreceipted> | Earlier> {
  const r = tx.reservation;
  if (!r) return refuse({ kind: 'unknown_reservation', reservationId });
  if (model !== null && (await tx.modelKept(model)) !== r.model) return refuse(otherModel(r));
  const asked = said ?? r.amount;
  if (r.status === 'committed' && r.asked === asked) {
    const value = answerOf(reservationId, r, {});
    return { earlier: { answer: seedOf(value), balance: value.balance, priceList: r.commitPriceList } };
  }
  if (r.status === 'committed' || r.status === 'refunded') {
    return refuse({ kind: 'reservation_settled', status: r.status });
  }
  const { now, priceList } = tx;
  const refusal = chargeReservation(account, r, { asked, terms, metadata, priceList: priceList.id, now });
  if (refusal) return refuse(refusal);
  await tx.updateReservation(r);
  return done(answerOf(reservationId, r, priceList.prices));
}

function otherModel({ model }: Reservation): Refusal {
  const rule = model === null ? 'its hold has none: leave it out' : `its hold has ${model}`;
  return { kind: 'invalid', errors: [{ field: 'model', message: `must be the hold’s; ${rule}` }] };
}

function answerOf(
  reservationId: string,
  r: Reservation,
  prices: Readonly<Record<string, number>>,
): Unreceipted {
  const available = r.commitAvailable as number;
  const reserved = r.commitReserved as number;
  return {
    reservationId,
    user: r.reference,
    operation: r.operation,
    status: 'committed',
    reserved: r.amount,
    amount: r.charged,
    released: Math.max(0, r.amount - r.charged),
    uncollected: (r.asked as number) - r.charged,
    late: r.late,
    balance: { available, reserved, total: available + reserved },
    affordable: affordable(available, prices),
  };
}
