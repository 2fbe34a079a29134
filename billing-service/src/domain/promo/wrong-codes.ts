import { randomUUID } from 'node:crypto';
import type { Deps } from '../deps.js';
import type { IdempotencyKey } from '../ports/ledger.js';
import { type Refused, refuse } from '../refusal.js';
import type { UserProfile } from '../users/user.js';

/** With 60 random bits a code is not found by ten tries an hour; and nobody misspells one so often. */
const POLICIES = [{ operation: 'promo_code', limit: 10, windowSeconds: 3600 }];
const POLICY = POLICIES[0] as (typeof POLICIES)[number];

type WrongCodesDeps = Pick<Deps, 'limits' | 'telemetry'>;

/** Null, or the refusal of one who has typed too many wrong codes: even a right one is not looked at then. */
export const tooManyWrongCodes = (deps: WrongCodesDeps, user: UserProfile) => decide(deps, user, null);

/** Counts one more wrong code; the same refusal. What is sent again under its key counts once. */
export const countWrongCode = (deps: WrongCodesDeps, user: UserProfile, key: IdempotencyKey | undefined) =>
  decide(deps, user, key ? `${key.keyHash} ${key.payloadHash}` : randomUUID());

async function decide(
  { limits, telemetry }: WrongCodesDeps,
  { userId, tier }: UserProfile,
  checkId: string | null,
): Promise<Refused | null> {
  const decision = await limits.take({
    // A log of its own: whatever is counted under the user's number counts for `*`, too.
    userId: -userId,
    ...{ tier, operation: POLICY.operation, policies: POLICIES, cost: 1 },
    ...{ peek: checkId === null, checkId, retainSeconds: POLICY.windowSeconds },
  });
  if (decision.degraded) telemetry.degradedCheck();
  if (decision.allowed) return null;
  telemetry.rateLimitHit(tier, POLICY.operation);
  return refuse({ kind: 'rate_limited', limit: decision });
}
