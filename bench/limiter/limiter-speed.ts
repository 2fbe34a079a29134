/** What a decision costs: in all, and inside Redis (commandstats). */
import type { Redis } from 'ioredis';
import { fareboxLimiter, type Limiter } from './limiters.js';

const IN_FLIGHT = 64;
const USERS = 1_000;
const FULL_LOG_USERS = 100;

/** Calls `take` for so long with 64 always in flight. @returns decisions a second */
export async function decisionsPerSecond(limiter: Limiter, seconds: number): Promise<number> {
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1000;
  let count = 0;
  const work = async () => {
    for (; performance.now() < endAt; count++) await limiter.take(1 + Math.floor(Math.random() * USERS));
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return count / ((performance.now() - startedAt) / 1000);
}

/** Runs `work` and says what one script call in it took inside Redis, in µs. Nothing else may run scripts meanwhile. */
export async function scriptMicros(redis: Redis, work: () => Promise<unknown>): Promise<number> {
  await redis.config('RESETSTAT');
  await work();
  const info = await redis.info('commandstats');
  const of = (field: 'calls' | 'usec') =>
    [...info.matchAll(new RegExp(`cmdstat_eval(?:sha)?:.*?\\b${field}=(\\d+)`, 'g'))].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    );
  return of('usec') / of('calls');
}

/**
 * Farebox' script where it has most to do: every user's log holds as many records as the limit allows. Time stands
 * still until each is full, then goes on so far that each check finds room for one: that is `admitted`.
 */
export async function fullLogMicros(
  redis: Redis,
  limit: number,
): Promise<{ admittedUs: number; deniedUs: number }> {
  const rule = { limit, windowSeconds: 60 };
  const stepMs = Math.ceil(60_000 / limit);
  let nowMs = Date.now();
  const limiter = fareboxLimiter(redis, rule, { now: () => nowMs });
  await redis.flushdb();
  const everybody = async (expected: boolean) => {
    const users = Array.from({ length: FULL_LOG_USERS }, (_, i) => i + 1);
    const answers = await Promise.all(users.map((user) => limiter.take(user)));
    if (answers.some((allowed) => allowed !== expected)) throw new Error(`a check was not ${expected}`);
  };
  const turns = async (expected: boolean, times: number, advanceMs: number) => {
    for (let i = 0; i < times; i++) {
      nowMs += advanceMs;
      await everybody(expected);
    }
  };
  try {
    await turns(true, limit, stepMs);
    const admittedUs = await scriptMicros(redis, () => turns(true, Math.max(limit, 50), stepMs));
    const deniedUs = await scriptMicros(redis, () => turns(false, 50, 0));
    return { admittedUs, deniedUs };
  } finally {
    limiter.close();
  }
}
