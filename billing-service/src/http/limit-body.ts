import type { LimitDecision, PolicyState } from '../domain/ports/limit-store.js';
import { toIso, toIsoOrNull } from './to-iso.js';

/**
 * The answer of limits/check, which reserve with checkLimits and 429 `rate-limited` carry as `limit`. Members are
 * written out: taking an object apart by `...rest` costs six times as much.
 */
export function limitBody(decision: LimitDecision) {
  return {
    allowed: decision.allowed,
    checkId: decision.checkId,
    tier: decision.tier,
    operation: decision.operation,
    limit: decision.limit,
    remaining: decision.remaining,
    resetAt: toIsoOrNull(decision.resetAt),
    retryAfter: decision.retryAfter,
    policies: decision.policies.map(policyBody),
    degraded: decision.degraded,
  };
}

const policyBody = ({ name, operation, limit, windowSeconds, remaining, resetAt }: PolicyState) => ({
  name,
  operation,
  limit,
  windowSeconds,
  remaining,
  resetAt: toIso(resetAt),
});
