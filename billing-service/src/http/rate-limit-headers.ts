import type { LimitDecision } from '../domain/ports/limit-store.js';

/** The IETF's RateLimit header fields (draft-ietf-httpapi-ratelimit-headers-11) of one decision, and Retry-After when
 * denied. In them `q` is the limit, `w` its window in seconds, `r` what remains, and `t` the seconds until there is
 * more of it, which in a rolling window is when the oldest count leaves, not when the limit is whole again. Names are
 * structured strings; ours hold nothing that would need escaping. Empty without policies. */
export function rateLimitHeaders(decision: LimitDecision, nowMs: number): Record<string, string> {
  const headers: Record<string, string> = {};
  if (decision.policies.length > 0) {
    headers['ratelimit-policy'] = decision.policies
      .map((policy) => `"${policy.name}";q=${policy.limit};w=${policy.windowSeconds}`)
      .join(', ');
    headers.ratelimit = decision.policies
      .map((policy) => `"${policy.name}";r=${policy.remaining};t=${secondsUntil(policy.moreAt, nowMs)}`)
      .join(', ');
  }
  if (!decision.allowed) headers['retry-after'] = String(decision.retryAfter);
  return headers;
}

function secondsUntil(timeMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((timeMs - nowMs) / 1000));
}
