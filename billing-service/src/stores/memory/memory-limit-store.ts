import {
  emptyCounts,
  type LimitCounts,
  limitDecision,
  type PolicyCount,
} from '../../domain/limits/limit-decision.js';
import { EVERY_OPERATION } from '../../domain/limits/limit-policy.js';
import type { Clock } from '../../domain/ports/clock.js';
import type {
  LeaveRequest,
  LimitRequest,
  LimitStore,
  TakenDecision,
  UndoRequest,
} from '../../domain/ports/limit-store.js';
import { type CheckKey, checkKey } from './check-key.js';
import { LogCache, type LogCacheBounds } from './log-cache.js';
import type { RequestLog } from './request-log.js';

/** Enough for 250,000 users within one window; some 170 MB when full. */
const ALONE: LogCacheBounds = { maxLogs: 250_000, maxRecords: 2_000_000 };

/** The limiter of a lone instance: the same answers as with Redis, for as long as the process lives. */
export class MemoryLimitStore implements LimitStore {
  readonly #clock: Clock;
  readonly #cache: LogCache;

  constructor(options: { clock: Clock; bounds?: LogCacheBounds; onLoss?: () => void }) {
    this.#clock = options.clock;
    this.#cache = new LogCache(options.bounds ?? ALONE, options.onLoss);
  }

  async take(request: LimitRequest): Promise<TakenDecision> {
    const nowMs = this.#clock.now();
    const key = checkKey(request.operation, request.checkId);
    const counts = takeFrom(this.#cache, request, key, nowMs);
    const counted = request.peek ? null : { shared: null, here: counts.countedAt };
    return limitDecision(request, counts, nowMs, false, counted);
  }

  async leave({ userId, operation, checkId, counted }: LeaveRequest): Promise<void> {
    this.#cache.find(userId)?.leave(checkKey(operation, checkId), counted.here ?? 0);
  }

  async undo(request: UndoRequest): Promise<boolean> {
    return undoIn(this.#cache, request, checkKey(request.operation, request.checkId), this.#clock.now());
  }

  async close(): Promise<void> {}
}

/** Decides and, where admitted, counts. A denied request and a peek leave no trace, not even an empty log. */
export function takeFrom(
  cache: LogCache,
  request: LimitRequest,
  key: CheckKey,
  nowMs: number,
  counting = !request.peek,
): LimitCounts {
  const retainMs = request.retainSeconds * 1000;
  const log = cache.find(request.userId);
  const counts = log === undefined ? emptyCounts(request) : countIn(log, request, key, nowMs);
  if (counts.status === 'repeated') log?.join(key, counts.countedAt - 1);
  if (counts.status !== 'admitted' || !counting) return counts;
  const time = Math.max(nowMs, log?.newestAt ?? 0);
  const opened = cache.open(request.userId, nowMs, retainMs);
  // Only here: a peek must change nothing, even after a clock that has run backwards.
  opened.dropUntil(time - retainMs);
  opened.append(time, request.cost, key);
  counts.countedAt = time;
  counts.counts.forEach((count, i) => {
    if (count.used === 0) count.nextAt = time + (request.policies[i]?.windowSeconds ?? 0) * 1000;
    count.used += request.cost;
    count.newestAt = time;
  });
  return counts;
}

function countIn(log: RequestLog, request: LimitRequest, key: CheckKey, nowMs: number): LimitCounts {
  // A clock that stepped back must not revive what has left its window.
  const time = Math.max(nowMs, log.newestAt);
  const countedAt = request.checkId === null ? 0 : log.timeOf(key, time - request.retainSeconds * 1000);
  const repeated = countedAt > 0;
  const cost = repeated ? 0 : request.cost;
  let status: LimitCounts['status'] = repeated ? 'repeated' : 'admitted';
  const counts: PolicyCount[] = [];
  for (const { operation, limit, windowSeconds } of request.policies) {
    const windowMs = windowSeconds * 1000;
    const only = operation === EVERY_OPERATION ? null : key.operation;
    const count = log.count(only, time - windowMs, windowMs, limit - cost);
    if (count.used > limit - cost && !repeated) status = 'denied';
    counts.push(count);
  }
  return { status, counts, countedAt };
}

export function undoIn(cache: LogCache, request: UndoRequest, key: CheckKey, nowMs: number): boolean {
  const log = cache.find(request.userId);
  if (log === undefined) return false;
  return log.remove(key, Math.max(nowMs, log.newestAt) - request.retainSeconds * 1000);
}
