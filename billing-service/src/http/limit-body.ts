import type { LimitDecision } from '../domain/limit-policy.js';

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** The answer of limits/check, which reserve with checkLimits and 429 `rate-limited` carry as `limit`. */
export function limitBody({ repeated: _, ...decision }: LimitDecision) {
  return {
    ...decision,
    resetAt: iso(decision.resetAt),
    policies: decision.policies.map(({ moreAt: _, ...policy }) => ({
      ...policy,
      resetAt: iso(policy.resetAt),
    })),
  };
}
