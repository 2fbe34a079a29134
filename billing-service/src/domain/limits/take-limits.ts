import { randomUUID } from 'node:crypto';
import type { Policy, Tier } from '../catalogue/catalogue.js';
import { inForce, type Overrides } from '../catalogue/overrides.js';
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
import { longestWindow, relevantPolicies, retainSeconds } from './limit-policy.js';

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
  const request = { ...limitRequest(deps, profile, tier, operation, cost), userId: profile.userId, checkId };
  // Nobody has a policy: nobody will ever ask for the count.
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
  const request = { ...limitRequest(deps, profile, tier, operation, cost), peek: true };
  if (profile === null || request.retainSeconds === 0) {
    return limitDecision(request, emptyCounts(request), deps.clock.now(), false, null);
  }
  return deps.limits.take({ ...request, userId: profile.userId });
}

/** A copy of a check that came to nothing steps down: the count stays for as long as another copy stands on it. */
export async function leaveLimits(
  deps: Pick<TakeLimitsDeps, 'catalogue' | 'limits' | 'clock'>,
  profile: UserProfile,
  operation: string,
  checkId: string,
  counted: Counted | null,
): Promise<void> {
  if (!counted) return;
  const retain = retainedFor(deps, ownPolicies(deps, profile));
  await deps.limits.leave({ userId: profile.userId, operation, checkId, retainSeconds: retain, counted });
}

/** Gives back what a check counted; true where this call did so. */
export async function undoLimits(
  deps: Pick<TakeLimitsDeps, 'catalogue' | 'limits' | 'clock'>,
  profile: UserProfile,
  operation: string,
  checkId: string,
): Promise<boolean> {
  const retain = retainedFor(deps, ownPolicies(deps, profile));
  if (retain === 0) return false;
  return deps.limits.undo({ userId: profile.userId, operation, checkId, retainSeconds: retain });
}

function limitRequest(
  deps: TakeLimitsDeps,
  profile: UserProfile | null,
  tier: Tier,
  operation: string,
  cost: number,
): LimitRequest {
  const own = profile && ownPolicies(deps, profile);
  return {
    userId: 0,
    tier: tier.id,
    operation,
    policies: relevantPolicies(own ?? tier, operation),
    cost,
    peek: false,
    checkId: null,
    retainSeconds: retainedFor(deps, own),
  };
}

type OwnPolicies = Overrides & { policies: Policy[] };

/** The user's own policies where they are in force: these instead of the tier's. */
function ownPolicies({ clock }: Pick<TakeLimitsDeps, 'clock'>, profile: UserProfile): OwnPolicies | null {
  if (profile.overrides === null) return null;
  const own = inForce(profile.overrides, clock.now());
  return own?.policies ? (own as OwnPolicies) : null;
}

/** How long this user's counts are kept: a window of the user's own may be longer than any tier's. */
function retainedFor({ catalogue }: Pick<TakeLimitsDeps, 'catalogue'>, own: OwnPolicies | null): number {
  const retain = retainSeconds(catalogue.current());
  return own === null ? retain : Math.max(retain, longestWindow(own));
}
