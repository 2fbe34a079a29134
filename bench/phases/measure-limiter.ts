import { Redis } from 'ioredis';
import type { LimiterFigures, LimiterResults } from '../limiter/limiter-results.js';
import { decideFor, fullLogMicros, scriptMicros } from '../limiter/limiter-speed.js';
import { LIMITERS } from '../limiter/limiters.js';
import { worstWindow } from '../limiter/worst-window.js';
import { spreadOf } from '../report/ratios.js';
import type { Run } from './phase.js';

/** No server of the fleet uses this one. */
const LOGICAL_DATABASE = 15;
const RULE = { limit: 100, windowSeconds: 60 };
/** Stands for a minute: short enough to wait for its end. */
const SHORT_RULE = { limit: 100, windowSeconds: 2 };
const SECONDS = 2;
const QUICK_SECONDS = 0.5;
const QUICK_ROUNDS = 3;

/** The limiter alone, compared with others on the same Redis. */
export async function measureLimiter({ servers, options, say }: Run): Promise<LimiterResults> {
  const redis = new Redis(servers.redisUrl, { db: LOGICAL_DATABASE });
  // Each limiter adds a listener for `ready` to it.
  redis.setMaxListeners(0);
  const rounds = options.quick ? Math.min(options.rounds, QUICK_ROUNDS) : options.rounds;
  try {
    const rates = new Map<string, { perSecond: number[]; redisUs: number[] }>();
    for (let round = 0; round < rounds; round++) {
      for (const [name, make] of rotated(Object.entries(LIMITERS), round)) {
        await redis.flushdb();
        const limiter = make(redis, RULE);
        let perSecond = 0;
        const redisUs = await scriptMicros(redis, async () => {
          const work = await decideFor(limiter, options.quick ? QUICK_SECONDS : SECONDS);
          perSecond = work.perSecond;
          return work.decisions;
        });
        limiter.close();
        const taken = rates.get(name) ?? { perSecond: [], redisUs: [] };
        rates.set(name, taken);
        taken.perSecond.push(perSecond);
        taken.redisUs.push(redisUs);
        say(
          `round ${round + 1}/${rounds} ${name}: ${Math.round(perSecond)}/s, ${redisUs.toFixed(1)} µs in Redis`,
        );
      }
    }
    const limiters: Record<string, LimiterFigures> = {};
    for (const [name, { perSecond, redisUs }] of rates) {
      const worst = await worstOf(redis, name);
      limiters[name] = { perSecond: spreadOf(perSecond), redisUs: spreadOf(redisUs), worstWindow: worst };
    }
    const full = (limit: number) => fullLog(redis, limit, rounds);
    return { limiters, fullLog: { 10: await full(10), 100: await full(100) } };
  } finally {
    redis.disconnect();
  }
}

async function fullLog(redis: Redis, limit: number, rounds: number) {
  const taken = [];
  for (let round = 0; round < rounds; round++) taken.push(await fullLogMicros(redis, limit));
  return {
    admittedUs: spreadOf(taken.map(({ admittedUs }) => admittedUs)),
    deniedUs: spreadOf(taken.map(({ deniedUs }) => deniedUs)),
  };
}

async function worstOf(redis: Redis, name: string): Promise<number> {
  await redis.flushdb();
  const limiter = LIMITERS[name]?.(redis, SHORT_RULE);
  if (!limiter) throw new Error(`no limiter is named ${name}`);
  try {
    const users = [1, 2, 3];
    return Math.max(...(await Promise.all(users.map((user) => worstWindow(limiter, SHORT_RULE, user)))));
  } finally {
    limiter.close();
  }
}

const rotated = <T>(items: readonly T[], by: number): T[] =>
  items.map((_, i) => items[(i + by) % items.length] as T);
