import type { CatalogueStore, UserStore } from '../stores/stores.js';
import { UnavailableError } from '../stores/stores.js';
import { GIFT_TIER, type Tier } from './catalogue.js';
import type { LimitDecision } from './limit-policy.js';
import { accept, type Result, refuse } from './refusal.js';
import { peekLimits, type TakeLimitsDeps, takeLimits } from './take-limits.js';
import type { UserProfile } from './user.js';

export interface CheckLimitsDeps extends TakeLimitsDeps {
  catalogue: Pick<CatalogueStore, 'current' | 'refresh'>;
  users: Pick<UserStore, 'cached' | 'find' | 'ensure'>;
  /** Brings the account up to now: a tier that lapsed falls to gift, and the user's cached profile with it. */
  settleAccount(userId: number): Promise<void>;
}

export interface CheckLimitsInput {
  user: string;
  operation: string;
  /** How many requests this one counts as; 1. */
  cost?: number | undefined;
  /** True: decide and count nothing. */
  peek?: boolean | undefined;
  checkId?: string | undefined;
}

/** May this user act now? A denial is a value of the decision, not a refusal. Refuses with `unknown_operation`. */
export async function checkLimits(
  deps: CheckLimitsDeps,
  input: CheckLimitsInput,
): Promise<Result<LimitDecision>> {
  const { user, operation, cost = 1, peek = false } = input;
  // Before the refusal below: every call that writes for a user creates it, also when it is then refused.
  const profile = await currentProfile(deps, user, peek);
  if (!deps.catalogue.current().operations.has(operation))
    return refuse({ kind: 'unknown_operation', operation });
  const tier = await tierOf(deps, profile?.tier ?? GIFT_TIER);
  if (peek || profile === null) return accept(await peekLimits(deps, profile, tier, operation, cost));
  return accept(await takeLimits(deps, profile, tier, operation, cost, input.checkId));
}

/** Null for an unknown user where none is to be made. */
async function currentProfile(
  deps: CheckLimitsDeps,
  user: string,
  peek: boolean,
): Promise<UserProfile | null> {
  const load = () => deps.users.cached(user) ?? (peek ? deps.users.find(user) : deps.users.ensure(user));
  const profile = await load();
  if (profile === null || profile.tierDueAtMs > deps.clock.now()) return profile;
  await deps.settleAccount(profile.userId);
  return load();
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
