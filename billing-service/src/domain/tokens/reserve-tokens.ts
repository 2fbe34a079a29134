import { earlierAnswer, type Outcome } from '../account/idempotency.js';
import type { Deps } from '../deps.js';
import { tierOf } from '../limits/check-limits.js';
import { leaveLimits, takeLimits } from '../limits/take-limits.js';
import type { IdempotencyKey } from '../ports/ledger.js';
import { refuse } from '../refusal.js';
import { currentProfile } from '../users/current-profile.js';
import type { UserProfile } from '../users/user.js';
import { hold, type Reserved, type ReserveInput, type Unreceipted } from './hold-tokens.js';
import { keptReceipt } from './kept-receipt.js';
import { type PricedHold, priceHold } from './price-hold.js';

export type { Reserved } from './hold-tokens.js';

/**
 * Holds tokens for one operation, never below zero available. With checkLimits all or nothing: a denied limit holds no
 * tokens, a refused hold gives its count back. Refusals: unknown_operation, user_blocked, rate_limited, too_many_open_reservations,
 * insufficient_tokens, invalid, idempotency_key_reused.
 */
export async function reserveTokens(
  deps: Deps,
  input: ReserveInput,
  key: IdempotencyKey | undefined,
): Promise<Outcome<Reserved>> {
  const outcome = await reserveOrRepeat(deps, input, key);
  if (!outcome.ok || !outcome.replayed) return outcome as Outcome<Reserved>;
  const receipt = await keptReceipt(deps, outcome.value.reservationId, 'hold');
  return { ...outcome, value: { ...outcome.value, receipt } };
}

/** What is repeated has no receipt yet; what is new has one. */
async function reserveOrRepeat(
  deps: Deps,
  input: ReserveInput,
  key: IdempotencyKey | undefined,
): Promise<Outcome<Unreceipted>> {
  const profile = input.checkLimits
    ? await currentProfile(deps, input.user)
    : await deps.users.ensure(input.user);
  const price = priceHold(deps.catalogue.current(), { ...input, units: input.units });
  if (!price.ok) return (await earlierAnswer(deps, profile.userId, key)) ?? price;
  const { blockedFor } = profile;
  if (blockedFor !== null) {
    const refusal = refuse({ kind: 'user_blocked', reason: blockedFor });
    const earlier = await earlierAnswer<Unreceipted>(deps, profile.userId, key);
    if (!earlier) deps.refused.note(profile.userId, input.operation, refusal.refusal);
    return earlier ?? refusal;
  }
  const outcome = input.checkLimits
    ? await holdWithinLimits(deps, input, key, profile, price.value)
    : await hold(deps, input, key, profile, price.value);
  if (!outcome.ok) {
    deps.refused.note(profile.userId, input.operation, outcome.refusal);
    if (outcome.refusal.kind === 'insufficient_tokens')
      deps.telemetry.insufficientTokens(profile.tier, input.operation);
  }
  return outcome;
}

async function holdWithinLimits(
  deps: Deps,
  input: ReserveInput,
  key: IdempotencyKey | undefined,
  profile: UserProfile,
  price: PricedHold,
): Promise<Outcome<Unreceipted>> {
  const tier = await tierOf(deps, profile.tier);
  const cost = input.limitCost ?? input.quantity;
  // The key names the check too, so that a retry is counted once. The cost belongs to it: a copy that counts as more
  // must not stand on the count of one that counts as less.
  const checkId = key ? `idempotency:${key.keyHash}:${cost}` : undefined;
  const { counted, ...limit } = await takeLimits(deps, profile, tier, input.operation, cost, checkId);
  if (!limit.allowed) {
    return (await earlierAnswer(deps, profile.userId, key)) ?? refuse({ kind: 'rate_limited', limit });
  }
  const leave = () => leaveLimits(deps, profile, input.operation, limit.checkId as string, counted);
  try {
    const outcome = await hold(deps, input, key, profile, price, limit);
    // Of several copies at once any may hold, not only the one that counted: the one that holds stays on the count.
    if (!outcome.ok || outcome.replayed) await leave();
    return outcome;
  } catch (error) {
    // Nobody knows whether it was held. Without a key nobody will ever learn of the hold and use it, so nothing is
    // counted; with one a retry may, and finds its count here.
    if (!key) await leave();
    throw error;
  }
}
