import { affordable } from '../account/balance.js';
import { done, earlierAnswer, type Outcome, withIdempotency } from '../account/idempotency.js';
import type { Reservation } from '../account/reservation.js';
import { decodeReservationId } from '../account/reservation-id.js';
import { orUnknownReservation } from '../account/unknown-account.js';
import type { Units } from '../catalogue/price-work.js';
import type { Deps } from '../deps.js';
import type { HotTransition, IdempotencyKey } from '../ports/ledger.js';
import { refuse } from '../refusal.js';
import type { UserProfile } from '../users/user.js';
import { type Committed, commitSlowly, type Unreceipted } from './commit-slowly.js';
import { keptReceipt, receiptIn } from './kept-receipt.js';
import { type PricedCommit, priceCommit } from './price-commit.js';

export type { Committed } from './commit-slowly.js';

export interface CommitInput {
  reservationId: string;
  /** The actual cost; absent: by quantity and units, or the hold. */
  amount?: number | undefined;
  /** How many times the price; absent: as the hold. */
  quantity?: number | undefined;
  /** What was used; absent: as the hold. */
  units?: Units | undefined;
  /** JSON text. */
  metadata: string | null;
  /** Must be the hold's; null: it is. */
  model: string | null;
}

/**
 * Settles a reservation at its actual cost. The same cost again, with or without a key, gets the first answer.
 * Refusals: unknown_reservation, reservation_settled, reservation_expired (late, and nothing can be charged), invalid
 * (another model than the hold's, a unit without a rate).
 */
export async function commitTokens(
  deps: Deps,
  input: CommitInput,
  key: IdempotencyKey | undefined,
): Promise<Outcome<Committed>> {
  const { reservationId } = input;
  const target = decodeReservationId(reservationId);
  if (!target) return refuse({ kind: 'unknown_reservation', reservationId });
  const price = await priceCommit(deps, target, input);
  if (!price.ok) return (await earlierCommit(deps, target, key)) ?? price;
  const { asked, terms } = price.value;
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
    terms,
    key,
  });
  const outcome =
    hot.status === 'slow'
      ? await slowCommit(deps, target, { ...input, ...price.value }, key)
      : await hotCommit(deps, reservationId, hot, terms);
  if (outcome.ok && !outcome.replayed && outcome.value.amount + outcome.value.uncollected > 0)
    report(deps, outcome.value);
  return outcome;
}

/** The answer that its key has already, where this call would be refused. */
async function earlierCommit(
  deps: Deps,
  { userId }: { userId: number },
  key: IdempotencyKey | undefined,
): Promise<Outcome<Committed> | undefined> {
  const earlier = await earlierAnswer<Unreceipted>(deps, userId, key);
  return earlier && withReceipt(deps, earlier);
}

async function hotCommit(
  { catalogue }: Deps,
  reservationId: string,
  hot: Extract<HotTransition, { status: 'done' }>,
  commitTerms: string | null,
): Promise<Outcome<Committed>> {
  const { operation, hold, charged, priceVersion, terms, balance } = hot;
  const priced = { operation, amount: hold, asked: charged, priceVersion, terms, commitTerms };
  return done<Committed>({
    reservationId,
    user: hot.reference,
    operation,
    status: 'committed',
    reserved: hold,
    amount: charged,
    released: Math.max(0, hold - charged),
    uncollected: 0,
    late: false,
    receipt: await receiptIn(catalogue, priced, 'commit'),
    balance,
    affordable: affordable(balance.available, hot.priceList.prices),
  });
}

async function slowCommit(
  deps: Deps,
  target: { userId: number; id: string },
  input: CommitInput & PricedCommit,
  key: IdempotencyKey | undefined,
): Promise<Outcome<Committed>> {
  let settled: Reservation | null = null;
  const outcome = await orUnknownReservation(input.reservationId, () =>
    withIdempotency<Unreceipted>(
      deps,
      { userId: target.userId, reservationId: target.id, key, status: 200 },
      (account, tx) => {
        settled = tx.reservation;
        return commitSlowly(account, tx, input);
      },
    ),
  );
  return withReceipt(deps, outcome, settled);
}

/** An answer that was stored under a key may be another reservation's than this call's, and has its own. */
async function withReceipt(
  deps: Deps,
  outcome: Outcome<Unreceipted>,
  settled: Reservation | null = null,
): Promise<Outcome<Committed>> {
  if (!outcome.ok) return outcome;
  const receipt = settled
    ? await receiptIn(deps.catalogue, settled, 'commit')
    : await keptReceipt(deps, outcome.value.reservationId, 'commit');
  // In the order of a new answer: a batch writes them as they come.
  const { balance, affordable: buys, ...rest } = outcome.value;
  return { ...outcome, value: { ...rest, receipt, balance, affordable: buys } };
}

/** In the background: the answer does not wait for the user's tier, and does not fail if that cannot be found. */
function report({ users, telemetry }: Deps, { user, operation, amount, uncollected }: Committed): void {
  const count = (profile: UserProfile | null) => {
    if (profile && amount > 0) telemetry.tokensSpent(profile.tier, operation, amount);
    if (profile && uncollected > 0) telemetry.tokensUncollected(profile.tier, operation, uncollected);
  };
  void users.find(user).then(count, () => {});
}
