import { randomUUID } from 'node:crypto';
import type { Tier } from '../catalogue/catalogue.js';
import type { LimitHits } from '../events/limit-hits.js';
import type { CatalogueStore } from '../ports/catalogue-store.js';
import type { Clock } from '../ports/clock.js';
import type {
  Counted,
  LimitDecision,
  LimitRequest,
  LimitStore,
  TakenDecision,
} from '../ports/limit-store.js';
import type { Telemetry } from '../ports/telemetry.js';
import type { UserProfile } from '../users/user.js';
import { emptyCounts, limitDecision } from './limit-decision.js';
import { relevantPolicies, retainSeconds } from './limit-policy.js';

export interface TakeLimitsDeps {
  catalogue: Pick<CatalogueStore, 'current'>;
  limits: LimitStore;
  telemetry: Pick<Telemetry, 'rateLimitHit' | 'degradedCheck'>;
  clock: Clock;
  hits: Pick<LimitHits, 'note'>;
}

/** Decides and counts `cost` (≥ 1) of one operation for a known user, all policies or none. Without a `checkId` one is
 * made; the same one of the same user and operation counts once within the longest window. Also what reserve with
 * `checkLimits` calls; where no hold came of it, `leaveLimits`. */
export async function takeLimits(
  deps: TakeLimitsDeps,
  profile: UserProfile,
  tier: Tier,
  operation: string,
  cost: number,
  checkId: string = randomUUID(),
): Promise<TakenDecision> {
  const request = { ...limitRequest(deps, tier, operation, cost), userId: profile.userId, checkId };
  // No tier has a policy: nobody will ever ask for the count.
  if (request.retainSeconds === 0)
    return limitDecision(request, emptyCounts(request), deps.clock.now(), false, null);
  const decision = await deps.limits.take(request);
  if (decision.degraded) deps.telemetry.degradedCheck();
  if (!decision.allowed) {
    deps.telemetry.rateLimitHit(tier.id, operation);
    deps.hits.note(profile.userId, operation, decision);
  }
  return decision;
}

/** What a check would say now; counts nothing. `profile` null: a user that does not exist yet. */
export async function peekLimits(
  deps: TakeLimitsDeps,
  profile: UserProfile | null,
  tier: Tier,
  operation: string,
  cost: number,
): Promise<LimitDecision> {
  const request = { ...limitRequest(deps, tier, operation, cost), peek: true };
  if (profile === null || request.retainSeconds === 0) {
    return limitDecision(request, emptyCounts(request), deps.clock.now(), false, null);
  }
  return deps.limits.take({ ...request, userId: profile.userId });
}

/** A copy of a check that came to nothing steps down: the count stays for as long as another copy stands on it. */
export async function leaveLimits(
  deps: Pick<TakeLimitsDeps, 'catalogue' | 'limits'>,
  userId: number,
  operation: string,
  checkId: string,
  counted: Counted | null,
): Promise<void> {
  const retain = retainSeconds(deps.catalogue.current());
  if (counted) await deps.limits.leave({ userId, operation, checkId, retainSeconds: retain, counted });
}

/** Gives back what a check counted; true where this call did so. */
export async function undoLimits(
  deps: Pick<TakeLimitsDeps, 'catalogue' | 'limits'>,
  userId: number,
  operation: string,
  checkId: string,
): Promise<boolean> {
  const retain = retainSeconds(deps.catalogue.current());
  if (retain === 0) return false;
  return deps.limits.undo({ userId, operation, checkId, retainSeconds: retain });
}

function limitRequest(deps: TakeLimitsDeps, tier: Tier, operation: string, cost: number): LimitRequest {
  return {
    userId: 0,
    tier: tier.id,
    operation,
    policies: relevantPolicies(tier, operation),
    cost,
    peek: false,
    checkId: null,
    retainSeconds: retainSeconds(deps.catalogue.current()),
  };
}
