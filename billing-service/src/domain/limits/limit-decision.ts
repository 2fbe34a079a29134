import type { Counted, LimitRequest, PolicyState, TakenDecision } from '../ports/limit-store.js';
import { policyNames } from './limit-policy.js';

export type CountStatus = 'denied' | 'admitted' | 'repeated';

/** What a log says of a request, the policies in the request's order. Times in ms since the epoch. */
export interface LimitCounts {
  status: CountStatus;
  counts: PolicyCount[];
  /** The time in the log of the count on which the request stands, made now or before; 0 where there is none. */
  countedAt: number;
}

export interface PolicyCount {
  /** Counted in the window, this request included where it was counted now. */
  used: number;
  /** The newest of these, 0 where there is none. */
  newestAt: number;
  /** If denied, when the window has room for the request; otherwise when its oldest record leaves; 0 if it is empty. */
  nextAt: number;
}

/** Nothing counted: what an unknown user's log, or no log, says. */
export function emptyCounts(request: LimitRequest): LimitCounts {
  const denied = request.policies.some((policy) => request.cost > policy.limit);
  const counts = request.policies.map(() => ({ used: 0, newestAt: 0, nextAt: 0 }));
  return { status: denied ? 'denied' : 'admitted', counts, countedAt: 0 };
}

/** The answer to a request, from what the log counted. The top level shows the deciding policy: if denied, the one to
 * wait for longest; otherwise the one with the least remaining. Among equals, the first in the tier's order. */
export function limitDecision(
  request: LimitRequest,
  { status, counts }: LimitCounts,
  nowMs: number,
  degraded: boolean,
  counted: Counted | null,
): TakenDecision {
  const names = policyNames(request.policies);
  const denied = status === 'denied';
  const policies: PolicyState[] = [];
  let retryAfter = 0;
  let deciding: PolicyState | undefined;
  for (let i = 0; i < names.length; i++) {
    const { operation, limit, windowSeconds } = request.policies[i] as (typeof request.policies)[number];
    const { used, newestAt, nextAt } = counts[i] as PolicyCount;
    const windowMs = windowSeconds * 1000;
    const policy: PolicyState = {
      name: names[i] as string,
      operation,
      limit,
      windowSeconds,
      remaining: Math.max(0, limit - used),
      resetAt: used === 0 ? nowMs : Math.max(nowMs, newestAt + windowMs),
      moreAt: Math.max(nowMs, nextAt),
    };
    policies.push(policy);
    const wait = denied ? waitSeconds(request.cost, limit, used, nextAt - nowMs, windowSeconds) : 0;
    if (deciding === undefined || wait > retryAfter) deciding = policy;
    else if (wait === retryAfter && policy.remaining < deciding.remaining) deciding = policy;
    if (wait > retryAfter) retryAfter = wait;
  }
  return {
    allowed: !denied,
    checkId: request.checkId,
    tier: request.tier,
    operation: request.operation,
    limit: deciding?.limit ?? null,
    remaining: deciding?.remaining ?? null,
    resetAt: deciding?.resetAt ?? null,
    retryAfter,
    policies,
    degraded,
    repeated: status === 'repeated',
    counted: denied ? null : counted,
  };
}

/** How long this policy holds the request back: 0 if it would admit it, the whole window if it never will. */
function waitSeconds(
  cost: number,
  limit: number,
  used: number,
  waitMs: number,
  windowSeconds: number,
): number {
  if (cost > limit) return windowSeconds;
  if (used + cost <= limit) return 0;
  return Math.max(1, Math.ceil(waitMs / 1000));
}
