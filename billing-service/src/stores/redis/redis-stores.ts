import { once } from 'node:events';
import type { Clock } from '../../domain/clock.js';
import { FallbackLimitStore } from '../fallback-limit-store.js';
import type { Bus, LimitStore } from '../stores.js';
import { RedisBus } from './redis-bus.js';
import { connectListener, connectRedis, type RedisLog } from './redis-connection.js';
import { RedisLimits } from './redis-limits.js';

/** A start waits so long for Redis and then goes on without: limits are kept in the process until it is there. */
const CONNECT_MS = 1000;

export interface RedisStores {
  limits: LimitStore;
  bus: Bus;
  /** Whether Redis answers right now; else limits are kept in this process. */
  limitsShared(): Promise<boolean>;
  close(): Promise<void>;
}

/** Everything that `REDIS_URL` switches on. Never throws for a Redis that is away. */
export async function openRedisStores(url: string, clock: Clock, log: RedisLog): Promise<RedisStores> {
  const redis = connectRedis(url, log);
  const shared = new RedisLimits(redis);
  const limits = new FallbackLimitStore({ shared, clock, warn: (message) => log.warn(message) });
  const bus = new RedisBus(redis, connectListener(url));
  await once(redis, 'ready', { signal: AbortSignal.timeout(CONNECT_MS) }).catch(() => {});
  return {
    limits,
    bus,
    limitsShared: () =>
      redis.ping().then(
        () => true,
        () => false,
      ),
    close: async () => {
      await limits.close();
      await bus.close();
      redis.disconnect();
    },
  };
}
