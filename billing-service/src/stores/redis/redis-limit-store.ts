import type { Cluster, Redis } from 'ioredis';
import { limitDecision } from '../../domain/limits/limit-decision.js';
import type { Clock } from '../../domain/ports/clock.js';
import type {
  LeaveRequest,
  LimitRequest,
  LimitStore,
  TakenDecision,
  UndoRequest,
} from '../../domain/ports/limit-store.js';
import { checkKey } from '../memory/check-key.js';
import { RedisLimits } from './redis-limits.js';

/** Limits in Redis, without a fallback: throws while Redis is away. The service uses FallbackLimitStore around it; the
 * tests of exactness compare this one with the memory store. */
export class RedisLimitStore implements LimitStore {
  readonly #limits: RedisLimits;
  readonly #clock: Clock;

  constructor(options: { redis: Redis | Cluster; clock: Clock; deadlineMs?: number }) {
    this.#limits = new RedisLimits(options.redis, options.deadlineMs);
    this.#clock = options.clock;
  }

  async take(request: LimitRequest): Promise<TakenDecision> {
    const nowMs = this.#clock.now();
    const counts = await this.#limits.take(request, checkKey(request.operation, request.checkId), nowMs);
    const counted = request.peek ? null : { shared: counts.countedAt, here: null };
    return limitDecision(request, counts, nowMs, false, counted);
  }

  leave(request: LeaveRequest): Promise<void> {
    return this.#limits.leave(request, checkKey(request.operation, request.checkId), this.#clock.now());
  }

  undo(request: UndoRequest): Promise<boolean> {
    return this.#limits.undo(request, checkKey(request.operation, request.checkId), this.#clock.now());
  }

  async close(): Promise<void> {
    this.#limits.close();
  }
}
