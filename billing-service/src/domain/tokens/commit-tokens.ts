import type { Account } from '../account/account.js';
import { type Affordable, affordable, type Balance } from '../account/balance.js';
import { done, type Earlier, type Outcome, seedOf, withIdempotency } from '../account/idempotency.js';
import type { Reservation } from '../account/reservation.js';
import { decodeReservationId } from '../account/reservation-id.js';
import { orUnknownReservation } from '../account/unknown-account.js';
import type { Deps } from '../deps.js';
import type { AccountTransaction, IdempotencyKey } from '../ports/ledger.js';
import { type Refusal, refuse } from '../refusal.js';
import type { UserProfile } from '../users/user.js';
import { chargeReservation } from './charge-reservation.js';

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
  balance: Balance;
  affordable: Affordable;
}

export interface CommitInput {
  reservationId: string;
  /** The actual cost; absent: the hold. */
  amount: number | undefined;
  /** JSON text. */
  metadata: string | null;
  /** Must be the hold's; null: it is. */
  model: string | null;
}

/**
 * Settles a reservation at its actual cost. The same amount again, with or without a key, gets the first answer.
 * Refusals: unknown_reservation, reservation_settled, reservation_expired (late, and nothing can be charged), invalid
 * (another model than the hold's).
 */
export async function commitTokens(
  deps: Deps,
  input: CommitInput,
  key: IdempotencyKey | undefined,
): Promise<Outcome<Committed>> {
  const { reservationId } = input;
  const target = decodeReservationId(reservationId);
  if (!target) return refuse({ kind: 'unknown_reservation', reservationId });
  const asked = input.amount ?? null;
  const { metadata, model } = input;
  const hot = await deps.ledger.transition({
    userId: target.userId,
    id: target.id,
    act: 'commit',
    reservationId,
    asked,
    until: null,
    metadata,
    model,
    key,
  });
  const outcome =
    hot.status === 'slow'
      ? await orUnknownReservation(reservationId, () =>
          withIdempotency<Committed>(
            deps,
            { userId: target.userId, reservationId: target.id, key, status: 200 },
            (account, tx) => commitSlowly(account, tx, input),
          ),
        )
      : done<Committed>({
          reservationId,
          user: hot.reference,
          operation: hot.operation,
          status: 'committed',
          reserved: hot.hold,
          amount: hot.charged,
          released: Math.max(0, hot.hold - hot.charged),
          uncollected: 0,
          late: false,
          balance: hot.balance,
          affordable: affordable(hot.balance.available, hot.priceList.prices),
        });
  if (outcome.ok && !outcome.replayed && outcome.value.amount + outcome.value.uncollected > 0)
    report(deps, outcome.value);
  return outcome;
}

/** In the background: the answer does not wait for the user's tier, and does not fail if that cannot be found. */
function report({ users, telemetry }: Deps, { user, operation, amount, uncollected }: Committed): void {
  const count = (profile: UserProfile | null) => {
    if (profile && amount > 0) telemetry.tokensSpent(profile.tier, operation, amount);
    if (profile && uncollected > 0) telemetry.tokensUncollected(profile.tier, operation, uncollected);
  };
  void users.find(user).then(count, () => {});
}

async function commitSlowly(
  account: Account,
  tx: AccountTransaction,
  { reservationId, amount, metadata, model }: CommitInput,
): Promise<Outcome<Committed> | Earlier> {
  const r = tx.reservation;
  if (!r) return refuse({ kind: 'unknown_reservation', reservationId });
  if (model !== null && (await tx.modelKept(model)) !== r.model) return refuse(otherModel(r));
  const asked = amount ?? r.amount;
  if (r.status === 'committed' && r.asked === asked) {
    const value = answerOf(reservationId, r, {});
    return { earlier: { answer: seedOf(value), balance: value.balance, priceList: r.commitPriceList } };
  }
  if (r.status === 'committed' || r.status === 'refunded') {
    return refuse({ kind: 'reservation_settled', status: r.status });
  }
  const { now, priceList } = tx;
  const refusal = chargeReservation(account, r, { asked, metadata, priceList: priceList.id, now });
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
): Committed {
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
