import { once } from 'node:events';
import type { Bus } from '../../domain/ports/bus.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { LimitStore } from '../../domain/ports/limit-store.js';
import { anyNode, clusterAnswers, clusterReady, connectCluster } from './cluster-connection.js';
import { ClusterPublisher } from './cluster-publisher.js';
import { FallbackLimitStore } from './fallback-limit-store.js';
import { RedisBus } from './redis-bus.js';
import { connectListener, connectRedis, type RedisLog } from './redis-connection.js';
import { RedisLimits } from './redis-limits.js';

/**
 * How long a start waits for Redis. Then it goes on without, and limits are kept in the process until Redis answers.
 */
const CONNECT_MS = 1000;

export interface RedisStores {
  limits: LimitStore;
  bus: Bus;
  /** Whether all of Redis answers right now. If not, the limits of some users or of all are kept in this process. */
  limitsShared(): Promise<boolean>;
  close(): Promise<void>;
}

/** One server, or some nodes of one cluster. */
export interface RedisSetting {
  urls: readonly string[];
  cluster: boolean;
}

/** Everything that `REDIS_URL` switches on. Never throws for a Redis that is away. */
export async function openRedisStores(
  setting: RedisSetting,
  clock: Clock,
  log: RedisLog,
): Promise<RedisStores> {
  const {
    limits: shared,
    bus,
    isUp,
    disconnect,
  } = await (setting.cluster ? openCluster : openServer)(setting.urls, log);
  const limits = new FallbackLimitStore({ shared, clock, warn: (message) => log.warn(message) });
  return {
    limits,
    bus,
    limitsShared: () => isUp().catch(() => false),
    close: async () => {
      await limits.close();
      await bus.close();
      disconnect();
    },
  };
}

async function openServer([url = '']: readonly string[], log: RedisLog) {
  const redis = connectRedis(url, log);
  const limits = new RedisLimits(redis);
  const bus = new RedisBus(redis, connectListener(url));
  await once(redis, 'ready', { signal: AbortSignal.timeout(CONNECT_MS) }).catch(() => {});
  const isUp = async () => (await redis.ping()) === 'PONG';
  return { limits, bus, isUp, disconnect: () => redis.disconnect() };
}

async function openCluster(urls: readonly string[], log: RedisLog) {
  const cluster = connectCluster(urls, log);
  const limits = new RedisLimits(cluster);
  // Not ioredis' own subscriber of a cluster: its connection has no deadline, and without nodes it tries without a
  // pause.
  const listener = connectListener(urls[0] ?? '', () => anyNode(cluster)?.options);
  const bus = new RedisBus(new ClusterPublisher(cluster), listener);
  await clusterReady(cluster, AbortSignal.timeout(CONNECT_MS)).catch(() => {});
  return { limits, bus, isUp: () => clusterAnswers(cluster), disconnect: () => cluster.disconnect() };
}
