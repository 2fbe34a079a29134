import type {
  LimitDecision,
  LimitRequest,
  PolicyState,
  UndoRequest,
} from '../../src/domain/ports/limit-store.js';

interface Counted {
  at: number;
  cost: number;
  operation: string;
  checkId: string;
  /** How many requests stand on it. */
  copies: number;
}

/** The limiter as the contract words it, written to be believed and not to be fast: a list of what was admitted, sums by
 * filter, and a retry-after that is found by trying one second after the other. */
export class LimitOracle {
  #counted: Counted[] = [];

  take(request: LimitRequest, nowMs: number): LimitDecision {
    const log = this.#live(request.retainSeconds, nowMs);
    const same = (c: Counted) => c.checkId === request.checkId && c.operation === request.operation;
    const earlier = request.checkId === null ? undefined : log.find(same);
    const repeated = earlier !== undefined;
    if (earlier) earlier.copies += 1;
    const allowed = repeated || this.#fits(request, nowMs);
    const time = this.#time(nowMs);
    if (allowed && !repeated && request.checkId !== null) {
      this.#counted.push({
        at: time,
        cost: request.cost,
        operation: request.operation,
        checkId: request.checkId,
        copies: 1,
      });
    }
    const wait = request.policies.map((_, i) => (allowed ? 0 : this.#wait(request, i, nowMs)));
    const policies = request.policies.map((_, i) => this.#state(request, i, nowMs));
    const retryAfter = Math.max(0, ...wait);
    const rank = policies.map((policy, i) => ({ policy, wait: wait[i] as number }));
    const [deciding] = rank.sort((a, b) => b.wait - a.wait || a.policy.remaining - b.policy.remaining);
    return {
      allowed,
      checkId: request.checkId,
      tier: request.tier,
      operation: request.operation,
      limit: deciding?.policy.limit ?? null,
      remaining: deciding?.policy.remaining ?? null,
      resetAt: deciding?.policy.resetAt ?? null,
      retryAfter,
      policies,
      degraded: false,
      repeated,
    };
  }

  undo(request: UndoRequest, nowMs: number): boolean {
    const live = this.#live(request.retainSeconds, nowMs);
    const gone = live.find((c) => c.checkId === request.checkId && c.operation === request.operation);
    this.#counted = this.#counted.filter((c) => c !== gone);
    return gone !== undefined;
  }

  /** One request steps down from what it or a copy counted at `at`. */
  leave({ checkId, operation }: { checkId: string; operation: string }, at: number): void {
    const found = this.#counted.find(
      (c) => c.checkId === checkId && c.operation === operation && c.at === at,
    );
    if (found) found.copies -= 1;
    this.#counted = this.#counted.filter((c) => c.copies > 0);
  }

  /** What any window of these policies holds now. */
  used(request: LimitRequest, index: number, nowMs: number): number {
    return this.#window(request, index, nowMs).reduce((sum, c) => sum + c.cost, 0);
  }

  #time(nowMs: number): number {
    return Math.max(nowMs, ...this.#counted.map((c) => c.at));
  }

  #live(retainSeconds: number, nowMs: number): Counted[] {
    const time = this.#time(nowMs);
    return this.#counted.filter((c) => c.at + retainSeconds * 1000 > time);
  }

  #window(request: LimitRequest, index: number, nowMs: number): Counted[] {
    const policy = request.policies[index] as LimitRequest['policies'][number];
    return this.#live(policy.windowSeconds, nowMs).filter(
      (c) => policy.operation === '*' || c.operation === policy.operation,
    );
  }

  #fits(request: LimitRequest, nowMs: number): boolean {
    return request.policies.every((p, i) => this.used(request, i, nowMs) + request.cost <= p.limit);
  }

  #wait(request: LimitRequest, index: number, nowMs: number): number {
    const { limit, windowSeconds } = request.policies[index] as LimitRequest['policies'][number];
    if (request.cost > limit) return windowSeconds;
    let seconds = 0;
    while (this.used(request, index, nowMs + seconds * 1000) + request.cost > limit) seconds += 1;
    return seconds;
  }

  #state(
    request: LimitRequest,
    index: number,
    nowMs: number,
  ): Omit<PolicyState, 'moreAt'> & { moreAt: number } {
    const policy = request.policies[index] as LimitRequest['policies'][number];
    const held = this.#window(request, index, nowMs);
    const short = policy.operation === '*' ? 'all' : policy.operation;
    const unique = request.policies.filter((other) => other.operation === policy.operation).length === 1;
    return {
      name: unique ? short : `${short}-${policy.windowSeconds}`,
      ...policy,
      remaining: Math.max(0, policy.limit - this.used(request, index, nowMs)),
      resetAt: Math.max(nowMs, ...held.map((c) => c.at + policy.windowSeconds * 1000)),
      moreAt: 0,
    };
  }
}
