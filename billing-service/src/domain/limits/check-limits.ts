import { GIFT_TIER, type Tier } from '../catalogue/catalogue.js';
import type { Deps } from '../deps.js';
import type { LimitDecision } from '../ports/limit-store.js';
import { UnavailableError } from '../ports/unavailable-error.js';
import { accept, type Result, refuse } from '../refusal.js';
import { currentProfile, upToDate } from '../users/current-profile.js';
import type { UserProfile } from '../users/user.js';
import { peekLimits, takeLimits } from './take-limits.js';

export type CheckLimitsDeps = Pick<
  Deps,
  'refused' | 'catalogue' | 'users' | 'limits' | 'ledger' | 'telemetry' | 'clock' | 'hits' | 'refused'
>;

export interface CheckLimitsInput {
  user: string;
  operation: string;
  /** How many requests this one counts as; 1. */
  cost: number;
  /** True: decide and count nothing. */
  peek: boolean;
  checkId?: string | undefined;
}

/** May this user act now? A denial is a value of the decision, not a refusal. Refusals: unknown_operation,
 * user_blocked. */
export async function checkLimits(
  deps: CheckLimitsDeps,
  input: CheckLimitsInput,
): Promise<Result<LimitDecision>> {
  const { user, operation, cost, peek } = input;
  // Before the refusal below: every call that writes for a user creates the user, even if it is then refused.
  const profile = await (peek ? knownProfile(deps, user) : currentProfile(deps, user));
  if (!deps.catalogue.current().operations.has(operation))
    return refuse({ kind: 'unknown_operation', operation });
  const blockedFor = profile?.blockedFor ?? null;
  if (profile !== null && blockedFor !== null) {
    if (!peek) deps.refused.note(profile.userId, operation, { kind: 'user_blocked' });
    return refuse({ kind: 'user_blocked', reason: blockedFor });
  }
  const tier = await tierOf(deps, profile?.tier ?? GIFT_TIER);
  if (peek || profile === null) return accept(await peekLimits(deps, profile, tier, operation, cost));
  const decision = await takeLimits(deps, profile, tier, operation, cost, input.checkId);
  if (!decision.allowed) deps.refused.note(profile.userId, operation, { kind: 'rate_limited' });
  return accept(decision);
}

/** Null for an unknown user: a peek creates nobody. */
async function knownProfile(deps: CheckLimitsDeps, user: string): Promise<UserProfile | null> {
  const profile = await deps.users.find(user);
  return profile && upToDate(deps, user, profile);
}

/** A tier made on another instance a moment ago may not have reached this one's catalogue. */
export async function tierOf(deps: Pick<CheckLimitsDeps, 'catalogue'>, id: string): Promise<Tier> {
  const known = deps.catalogue.current().tiers.get(id);
  if (known !== undefined) return known;
  await deps.catalogue.refresh();
  const tier = deps.catalogue.current().tiers.get(id);
  if (tier === undefined) throw new UnavailableError(`tier ${id} is not in the catalogue`);
  return tier;
}
