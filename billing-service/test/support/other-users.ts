/** Users who have nothing to do with the trouble of a test: they reserve and commit all the time, and say how it went. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';

type Call = (
  method: 'POST',
  path: string,
  body: object,
) => Promise<{ status: number; body: { reservationId?: string } }>;

export interface Course {
  calls: number;
  /** Statuses other than 2xx, and how many. */
  failures: Record<number, number>;
  p99Ms: number;
}

export interface OtherUsers {
  /** What was seen since the last time, or since the start. */
  course(): Course;
  stop(): Promise<void>;
}

const PAUSE_MS = 100;
const PROMISED_MS = 500;

export async function otherUsers(t: Test, call: Call, count = 10): Promise<OtherUsers> {
  const names = Array.from({ length: count }, (_, i) => `web:other-${i}`);
  let times: number[] = [];
  let failures: Record<number, number> = {};
  let isOver = false;
  const timed = async (path: string, body: object) => {
    const startedAt = performance.now();
    const answer = await call('POST', path, body);
    times.push(performance.now() - startedAt);
    if (answer.status >= 300) failures[answer.status] = (failures[answer.status] ?? 0) + 1;
    return answer;
  };
  const live = async (user: string) => {
    while (!isOver) {
      const hold = { user, operation: 'chatgpt_message', amount: 1 };
      const { reservationId } = (await timed('/tokens/reserve', hold)).body;
      if (reservationId) await timed('/tokens/commit', { reservationId });
      await sleep(PAUSE_MS);
    }
  };
  for (const user of names) {
    const grant = { user, amount: 1_000_000, source: 'promo', reason: 'test' };
    t.equal((await call('POST', '/tokens/grant', grant)).status, 201);
  }
  const lives = Promise.all(names.map(live));
  const stop = async () => {
    isOver = true;
    await lives;
  };
  t.teardown(stop);
  return {
    stop,
    course: () => {
      const seen = { calls: times.length, failures, p99Ms: percentile(times, 0.99) };
      times = [];
      failures = {};
      return seen;
    },
  };
}

function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** As promised, or as much longer as everything takes on this machine now: `idle` was seen just before. */
export function wasUndisturbed(t: Test, seen: Course, idle: Course, what: string): void {
  const boundMs = Math.max(PROMISED_MS, 5 * idle.p99Ms);
  t.comment(what, JSON.stringify({ seen, idle }));
  t.ok(seen.calls > 0, `${what}: others were answered`);
  t.strictSame(seen.failures, {}, `${what}: all of them well`);
  t.ok(seen.p99Ms <= boundMs, `${what}: p99 ${Math.round(seen.p99Ms)} ms, at most ${Math.round(boundMs)}`);
}
