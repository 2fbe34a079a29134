/** What a decision costs: in all, and inside Redis (commandstats). */
import type { Redis } from 'ioredis';
import { fareboxLimiter, type Limiter } from './limiters.js';

const IN_FLIGHT = 64;
const USERS = 1_000;
const FULL_LOG_USERS = 100;

/** Keeps 64 calls of `take` in flight for that long. */
export async function decideFor(
  limiter: Limiter,
  seconds: number,
): Promise<{ decisions: number; perSecond: number }> {
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1000;
  let count = 0;
  const work = async () => {
    for (; performance.now() < endAt; count++) await limiter.take(1 + Math.floor(Math.random() * USERS));
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return { decisions: count, perSecond: count / ((performance.now() - startedAt) / 1000) };
}

/**
 * Runs `work`, which returns how many decisions it made, and says what one of them took in a script inside Redis, in µs
 * (one call may make several). Nothing else may run scripts meanwhile.
 */
export async function scriptMicros(redis: Redis, work: () => Promise<number>): Promise<number> {
  await redis.config('RESETSTAT');
  const decisions = await work();
  const info = await redis.info('commandstats');
  const usec = [...info.matchAll(/cmdstat_eval(?:sha)?:.*?\busec=(\d+)/g)].map((match) => Number(match[1]));
  return usec.reduce((sum, one) => sum + one, 0) / decisions;
}

/**
 * Farebox' script where it has most to do: every user's log holds as many records as the limit allows. The time is held
 * still until all logs are full, and then moved on so that each check finds room for one more: that is `admitted`.
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
    return times * FULL_LOG_USERS;
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
