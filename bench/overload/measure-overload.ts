import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller, Outcome, Told } from './caller.js';

export const USERS = 50;
const user = (i: number) => `bench:${i % USERS}`;

/** As many a second as are done where each of `callers` waits for its answer. */
export async function peakOf(caller: Caller, callers: number, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let done = 0;
  const closedLoop = async (first: number) => {
    for (let i = first; performance.now() < until; i += callers) {
      const { outcome } = await caller.grant(user(i));
      if (outcome === 'done') done += 1;
      // As Retry-After asks.
      else if (outcome === 'refused') await sleep(1_000);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, i) => closedLoop(i)));
  return done / seconds;
}

export interface Load {
  seconds: number;
  sent: number;
  startedAt: number;
  told: Told[];
  /** Of what ends something, one after the other beside it all. */
  endings: Told[];
}

/** Grants at a fixed rate, whatever becomes of them, and `ends` one after the other meanwhile. Returns when all are told. */
export async function offer(
  caller: Caller,
  perSecond: number,
  seconds: number,
  ends: readonly (() => Promise<Told>)[],
): Promise<Load> {
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1000;
  const asked: Promise<Told>[] = [];
  const endings: Told[] = [];
  const end = async () => {
    for (const one of ends) if (elapsed() < seconds) endings.push(await one());
  };
  const ending = end();
  for (; elapsed() < seconds; await sleep(5)) {
    for (const due = elapsed() * perSecond; asked.length < due; )
      asked.push(caller.grant(user(asked.length)));
  }
  const lasted = elapsed();
  await ending;
  return { seconds: lasted, sent: asked.length, startedAt, told: await Promise.all(asked), endings };
}

/** From now until a lone grant takes no longer than `usualMs` once and a half. */
export async function untilQuick(caller: Caller, usualMs: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const { outcome, ms } = await caller.grant('bench:quick');
    if (outcome === 'done' && ms <= 1.5 * usualMs) return performance.now() - startedAt - ms;
  }
}

export const countOf = (told: readonly Told[], outcome: Outcome) =>
  told.filter((one) => one.outcome === outcome).length;
