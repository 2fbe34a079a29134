import { type LimitCounts, limitDecision } from '../../domain/limits/limit-decision.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { LimitDecision, LimitRequest, LimitStore, UndoRequest } from '../../domain/ports/limit-store.js';
import { type CheckKey, checkKey } from '../memory/check-key.js';
import { LogCache, type LogCacheBounds } from '../memory/log-cache.js';
import { takeFrom, undoIn } from '../memory/memory-limit-store.js';

/** What stands in front: Redis' two scripts. Both reject while it is away. */
export interface SharedLimits {
  take(
    request: LimitRequest,
    key: CheckKey,
    nowMs: number,
  ): Promise<LimitCounts & { timeMs: number; total: number }>;
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

  async take(request: LimitRequest): Promise<LimitDecision> {
    const nowMs = this.#clock.now();
    const key = checkKey(request.operation, request.checkId);
    // As it was when the request left: answers may be handled in another order than Redis gave them.
    const known = this.#cache.find(request.userId)?.knownTotal ?? 0;
    let counts: Awaited<ReturnType<SharedLimits['take']>>;
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
      if (counts.timeMs < log.aloneUntil) return this.#together(request, key, counts, counted);
    }
    if (counted) {
      const shadow = this.#cache.open(request.userId, nowMs, request.retainSeconds * 1000);
      shadow.dropUntil(counts.timeMs - request.retainSeconds * 1000);
      shadow.append(counts.timeMs, request.cost, key);
      shadow.knownTotal = counts.total;
    }
    return limitDecision(request, counts, nowMs, false);
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

  #alone(request: LimitRequest, key: CheckKey): LimitDecision {
    const nowMs = this.#clock.now();
    const counts = takeFrom(this.#cache, request, key, nowMs);
    const log = this.#cache.find(request.userId);
    if (counts.status === 'admitted' && !request.peek && log !== undefined) {
      log.aloneUntil = log.newestAt + request.retainSeconds * 1000;
    }
    return limitDecision(request, counts, nowMs, true);
  }

  async #together(
    request: LimitRequest,
    key: CheckKey,
    shared: LimitCounts,
    counted: boolean,
  ): Promise<LimitDecision> {
    const nowMs = this.#clock.now();
    const counting = !request.peek && shared.status !== 'denied';
    const own = takeFrom(this.#cache, request, key, nowMs, counting);
    const decision = stricter(
      limitDecision(request, shared, nowMs, true),
      limitDecision(request, own, nowMs, true),
    );
    if (counted && !decision.allowed) await this.#giveBack(request, key, nowMs);
    return decision;
  }

  /** The shadow denies a request that Redis has counted; a denied request must consume nothing, so it is undone. */
  async #giveBack(request: LimitRequest, key: CheckKey, nowMs: number): Promise<void> {
    const { userId, operation, retainSeconds } = request;
    try {
      await this.#shared.undo(
        { userId, operation, checkId: request.checkId ?? '', retainSeconds },
        key,
        nowMs,
      );
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

/**
 * A check that either side has counted before stays allowed. Otherwise the longer denial wins, or else the fuller
 * count.
 */
function stricter(a: LimitDecision, b: LimitDecision): LimitDecision {
  if (a.repeated !== b.repeated) return a.repeated ? a : b;
  if (a.retryAfter !== b.retryAfter) return a.retryAfter > b.retryAfter ? a : b;
  return (b.remaining ?? 0) < (a.remaining ?? 0) ? b : a;
}
