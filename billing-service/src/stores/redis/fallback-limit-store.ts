import { limitDecision } from '../../domain/limits/limit-decision.js';
import type { Clock } from '../../domain/ports/clock.js';
import type {
  Counted,
  LeaveRequest,
  LimitRequest,
  LimitStore,
  TakenDecision,
  UndoRequest,
} from '../../domain/ports/limit-store.js';
import { type CheckKey, checkKey } from '../memory/check-key.js';
import { LogCache, type LogCacheBounds } from '../memory/log-cache.js';
import { takeFrom, undoIn } from '../memory/memory-limit-store.js';
import type { SharedCounts } from './take-form.js';

/** What stands in front: Redis' two scripts. Both reject while it is away. */
export interface SharedLimits {
  take(request: LimitRequest, key: CheckKey, nowMs: number): Promise<SharedCounts>;
  leave(request: LeaveRequest, key: CheckKey, nowMs: number): Promise<void>;
  undo(request: UndoRequest, key: CheckKey, nowMs: number): Promise<boolean>;
  close(): void;
}

/** Smaller than a lone store's: a log that is dropped here is missed only if Redis is lost within the same window. */
const SHADOW: LogCacheBounds = { maxLogs: 50_000, maxRecords: 500_000 };
/** An outage is one line, not one a request. */
const WARN_EVERY_MS = 10_000;

/**
 * Redis decides. This process also logs what it admitted itself (the shadow), and decides from that while Redis is
 * away.
 *
 * Redis then lacks the requests that the shadow admitted alone. It also lacks those that it lost itself, which a
 * smaller running total gives away. Until these requests have left every window, both decide for that user, the
 * stricter answer wins, and it is marked `degraded`. So one process never admits more than the limit, no matter when
 * Redis comes and goes. Several processes may, in an outage: each counts only its own.
 */
export class FallbackLimitStore implements LimitStore {
  readonly #shared: SharedLimits;
  readonly #clock: Clock;
  readonly #warn: (message: string) => void;
  readonly #cache: LogCache;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(options: {
    shared: SharedLimits;
    clock: Clock;
    warn?: (message: string) => void;
    bounds?: LogCacheBounds;
  }) {
    this.#shared = options.shared;
    this.#clock = options.clock;
    this.#warn = options.warn ?? (() => {});
    this.#cache = new LogCache(options.bounds ?? SHADOW);
  }

  async take(request: LimitRequest): Promise<TakenDecision> {
    const nowMs = this.#clock.now();
    const key = checkKey(request.operation, request.checkId);
    // As it was when the request left: answers may be handled in another order than Redis gave them.
    const known = this.#cache.find(request.userId)?.knownTotal ?? 0;
    let counts: SharedCounts;
    try {
      counts = await this.#shared.take(request, key, nowMs);
    } catch (error) {
      this.#report(error);
      return this.#alone(request, key);
    }
    const log = this.#cache.find(request.userId);
    const counted = counts.status === 'admitted' && !request.peek;
    if (log !== undefined) {
      const lost = counts.total - (counted ? request.cost : 0) < known;
      if (lost) log.aloneUntil = Math.max(log.aloneUntil, log.newestAt + request.retainSeconds * 1000);
      log.knownTotal = lost ? counts.total : Math.max(log.knownTotal, counts.total);
      if (counts.timeMs < log.aloneUntil) return this.#together(request, key, counts);
    }
    if (counts.status === 'denied' || request.peek) return limitDecision(request, counts, nowMs, false, null);
    const here = this.#shadow(request, key, counts);
    return limitDecision(request, counts, nowMs, false, { shared: counts.countedAt, here });
  }

  /** What Redis did not decide is left alone there: the check may never have come to it, and others stand on the count. */
  async leave(request: LeaveRequest): Promise<void> {
    const key = checkKey(request.operation, request.checkId);
    const { shared, here } = request.counted;
    if (here !== null) this.#cache.find(request.userId)?.leave(key, here);
    if (shared !== null) await this.#leaveShared(request, key);
  }

  async undo(request: UndoRequest): Promise<boolean> {
    const key = checkKey(request.operation, request.checkId);
    const own = undoIn(this.#cache, request, key, this.#clock.now());
    try {
      const shared = await this.#shared.undo(request, key, this.#clock.now());
      return shared || own;
    } catch (error) {
      this.#report(error);
      return own;
    }
  }

  async close(): Promise<void> {
    this.#shared.close();
  }

  /** Logs what Redis admitted here, or admitted elsewhere and repeated here. Returns the record's time. */
  #shadow(request: LimitRequest, key: CheckKey, counts: SharedCounts): number {
    const retainMs = request.retainSeconds * 1000;
    const shadow = this.#cache.open(request.userId, counts.timeMs, retainMs);
    shadow.dropUntil(counts.timeMs - retainMs);
    if (counts.status === 'admitted') shadow.knownTotal = counts.total;
    const joined = shadow.join(key, counts.timeMs - retainMs);
    if (joined > 0) return joined;
    shadow.append(counts.timeMs, request.cost, key);
    return counts.timeMs;
  }

  #alone(request: LimitRequest, key: CheckKey): TakenDecision {
    const nowMs = this.#clock.now();
    const counts = takeFrom(this.#cache, request, key, nowMs);
    const log = this.#cache.find(request.userId);
    if (counts.status === 'admitted' && !request.peek && log !== undefined) {
      log.aloneUntil = log.newestAt + request.retainSeconds * 1000;
    }
    return limitDecision(request, counts, nowMs, true, standing(null, counts.countedAt));
  }

  async #together(request: LimitRequest, key: CheckKey, shared: SharedCounts): Promise<TakenDecision> {
    const nowMs = this.#clock.now();
    const own = takeFrom(this.#cache, request, key, nowMs, !request.peek && shared.status !== 'denied');
    const counted = standing(shared.countedAt, own.countedAt);
    const decision = stricter(
      limitDecision(request, shared, nowMs, true, counted),
      limitDecision(request, own, nowMs, true, counted),
    );
    if (!decision.allowed && counted?.shared) {
      // A denied request consumes nothing. Another copy may stand on the same count at an instance that admits it.
      const { userId, operation, retainSeconds } = request;
      await this.#leaveShared(
        { userId, operation, checkId: request.checkId ?? '', retainSeconds, counted },
        key,
      );
    }
    return decision;
  }

  async #leaveShared(request: LeaveRequest, key: CheckKey): Promise<void> {
    try {
      await this.#shared.leave(request, key, this.#clock.now());
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    const nowMs = performance.now();
    if (nowMs - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = nowMs;
    const reason = error instanceof Error ? error.message : String(error);
    this.#warn(`limits are decided in this process: ${reason}`);
  }
}

const standing = (shared: number | null, here: number): Counted | null =>
  shared || here ? { shared: shared || null, here: here || null } : null;

/**
 * A check that either side has counted before stays allowed, unless this process denies it: what Redis saw before may
 * be another copy that is about to be denied. Otherwise the longer denial wins, or else the fuller count.
 */
function stricter(shared: TakenDecision, own: TakenDecision): TakenDecision {
  if (own.allowed && shared.repeated !== own.repeated) return shared.repeated ? shared : own;
  if (shared.retryAfter !== own.retryAfter) return shared.retryAfter > own.retryAfter ? shared : own;
  return (own.remaining ?? 0) < (shared.remaining ?? 0) ? own : shared;
}
