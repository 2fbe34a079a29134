import { Redis, type RedisOptions } from 'ioredis';
import { backoffMs } from '../../../../common/src/backoff.js';

export interface RedisLog {
  warn(message: string): void;
}

/**
 * The limiter has its own, shorter deadline (redis-gate.ts); this one only settles the promises of a server that hangs.
 * ioredis' timer cannot tell a late answer from a busy process that has not read it yet, so it must not be the one.
 */
export const COMMAND_TIMEOUT_MS = 1000;
const SAFE_POLICIES = ['noeviction', 'volatile-ttl'];

const RECONNECTS = { firstMs: 100, longestMs: 1000 };

export const retryDelayMs = (times: number): number => backoffMs(RECONNECTS, times);

/** ioredis' defaults suit queues; here a command that cannot be answered now fails now: nothing waits for a reconnect,
 * nothing is sent twice (default auto-resend made 200 INCRs count 220), and nothing stays unsettled. */
export const FAIL_FAST = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: 1000,
  // A frozen server never ends its side; the default waits 2 s for that.
  disconnectTimeout: 250,
  retryStrategy: retryDelayMs,
} satisfies RedisOptions;

/** The connection for commands. Its errors go to the log, once for each outage. */
export function connectRedis(url: string, log: RedisLog, commandTimeout = COMMAND_TIMEOUT_MS): Redis {
  // Not enableAutoPipelining: it holds a batch back until the one before is answered, and cost more CPU a check (20.4
  // µs against 16.1 at 256 at once, 19.4 against 19.8 at 64).
  const redis = new Redis(url, { ...FAIL_FAST, commandTimeout });
  let reported = false;
  redis.on('error', (error: Error) => {
    if (!reported)
      log.warn(`Redis: ${error.message || error.name}; limits are kept in this process until it is back`);
    reported = true;
  });
  redis.on('ready', () => {
    reported = false;
    void warnOfEviction(redis, log);
  });
  return redis;
}

/** A connection that only listens. Its user subscribes again at every `ready`, because events were missed by then. The
 * connection for commands reports the outage of both. `elsewhere` says, after a loss, where to listen next. */
export function connectListener(
  url: string,
  elsewhere?: () => { host?: string | undefined; port?: number | undefined } | undefined,
): Redis {
  const redis: Redis = new Redis(url, {
    ...FAIL_FAST,
    autoResubscribe: false,
    retryStrategy: (times) => {
      const { host, port } = elsewhere?.() ?? {};
      if (host !== undefined && port !== undefined) Object.assign(redis.options, { host, port });
      return retryDelayMs(times);
    },
  });
  redis.on('error', () => {});
  return redis;
}

/** LRU and random eviction silently open limits; volatile-ttl evicts what would expire soonest anyway. */
export async function warnOfEviction(redis: Redis, log: RedisLog): Promise<void> {
  try {
    const info = await redis.info('memory');
    const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1] ?? 'unknown';
    if (SAFE_POLICIES.includes(policy)) return;
    log.warn(
      `Redis: maxmemory-policy is ${policy}: it may evict counts and so open limits; set noeviction or volatile-ttl`,
    );
  } catch {
    // A server that does not say (no right to INFO, gone again) still counts; the next connection asks again.
  }
}
