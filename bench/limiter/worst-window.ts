import { setTimeout as sleep } from 'node:timers/promises';
import type { Limiter, Rule } from './limiters.js';

/**
 * What a caller who knows how a limiter works gets through: one request, which begins a fixed window, then as many as
 * are admitted just before that window ends, and again just after. @returns the most in any rolling window ÷ the limit
 */
export async function worstWindow(
  limiter: Limiter,
  { limit, windowSeconds }: Rule,
  user: number,
): Promise<number> {
  const windowMs = windowSeconds * 1000;
  const admittedAt: number[] = [];
  const attempt = async () => {
    const at = performance.now();
    if (await limiter.take(user)) admittedAt.push(at);
  };
  const burst = () => Promise.all(Array.from({ length: 2 * limit }, attempt));
  await attempt();
  await sleep(windowMs * 0.85);
  await burst();
  await sleep(windowMs * 0.25);
  await burst();
  return mostWithin(admittedAt, windowMs) / limit;
}

/** How many of these times lie within one span of `windowMs` at most (its end not included). */
export function mostWithin(times: readonly number[], windowMs: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  sorted.forEach((time, i) => {
    while ((sorted[first] as number) <= time - windowMs) first += 1;
    most = Math.max(most, i - first + 1);
  });
  return most;
}
