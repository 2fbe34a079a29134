import { once } from 'node:events';
import type { Redis } from 'ioredis';
import type { Clock } from '../../src/domain/ports/clock.js';
import type { LimitDecision, LimitRequest, LimitStore } from '../../src/domain/ports/limit-store.js';
import { connectRedis } from '../../src/stores/redis/redis-connection.js';

export class TestClock implements Clock {
  ms = Date.UTC(2026, 0, 31, 12);

  now(): number {
    return this.ms;
  }

  advance(seconds: number): void {
    this.ms += seconds * 1000;
  }
}

let checks = 0;

/** A counting request for operation `chat` under `*` 10 in 60 s, unless told otherwise. */
export function request(change: Partial<LimitRequest> = {}): LimitRequest {
  return {
    userId: 1,
    tier: 'gift',
    operation: 'chat',
    policies: [{ operation: '*', limit: 10, windowSeconds: 60 }],
    cost: 1,
    peek: false,
    checkId: `check-${checks++}`,
    retainSeconds: 60,
    ...change,
  };
}

export function peek(change: Partial<LimitRequest> = {}): LimitRequest {
  return request({ peek: true, checkId: null, ...change });
}

export async function takeTimes(
  store: LimitStore,
  times: number,
  change: Partial<LimitRequest> = {},
): Promise<LimitDecision[]> {
  const decisions: LimitDecision[] = [];
  for (let i = 0; i < times; i++) decisions.push(await store.take(request(change)));
  return decisions;
}

export async function connected(url: string, warnings: string[] = [], timeoutMs?: number): Promise<Redis> {
  const redis = connectRedis(url, { warn: (message) => warnings.push(message) }, timeoutMs);
  await once(redis, 'ready');
  return redis;
}
