/** Limiters on the same Redis, each set up as its documentation says: so many requests of a user in a window. */
import { randomUUID } from 'node:crypto';
import FastifyRedisStore from '@fastify/rate-limit/store/RedisStore.js';
import type { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Clock } from '../../billing-service/src/domain/ports/clock.js';
import { RedisLimitStore } from '../../billing-service/src/stores/redis/redis-limit-store.js';

export interface Limiter {
  /** Whether this request of this user may pass. */
  take(user: number): Promise<boolean>;
  close(): void;
}

export interface Rule {
  limit: number;
  windowSeconds: number;
}

export type LimiterMaker = (redis: Redis, rule: Rule) => Limiter;

/** The service takes a slower Redis for dead; a benchmark keeps Redis busy, so it waits longer. */
const DEADLINE_MS = 10_000;

export function fareboxLimiter(redis: Redis, rule: Rule, clock: Clock = Date): Limiter {
  const store = new RedisLimitStore({ redis, clock, deadlineMs: DEADLINE_MS });
  const shared = {
    ...{ tier: 'bench', operation: 'chatgpt_message', cost: 1, peek: false },
    policies: [{ operation: '*', ...rule }],
    retainSeconds: rule.windowSeconds,
  };
  return {
    take: async (userId) => (await store.take({ ...shared, userId, checkId: randomUUID() })).allowed,
    close: () => store.close(),
  };
}

function rateLimiterFlexible(redis: Redis, { limit, windowSeconds }: Rule): Limiter {
  const limiter = new RateLimiterRedis({ storeClient: redis, points: limit, duration: windowSeconds });
  return {
    take: (user) =>
      limiter.consume(`u${user}`).then(
        () => true,
        (refusal: unknown) => {
          if (refusal instanceof RateLimiterRes) return false;
          throw refusal;
        },
      ),
    close: () => {},
  };
}

function fastifyRateLimit(redis: Redis, { limit, windowSeconds }: Rule): Limiter {
  const store = new FastifyRedisStore(false, false, redis);
  return {
    take: (user) =>
      new Promise((resolve, reject) => {
        const answered = (error: Error | null, result: { current: number } | null) =>
          result ? resolve(result.current <= limit) : reject(error);
        store.incr(`u${user}`, answered, windowSeconds * 1000, limit);
      }),
    close: () => {},
  };
}

export const LIMITERS: Readonly<Record<string, LimiterMaker>> = {
  farebox: (redis, rule) => fareboxLimiter(redis, rule),
  'rate-limiter-flexible': rateLimiterFlexible,
  '@fastify/rate-limit': fastifyRateLimit,
};
