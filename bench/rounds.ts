/**
 * Rounds: in each, every case runs once, and each round begins with another case. So whatever slows the machine for a
 * while slows all cases alike, and cases are compared within a round only.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Load, Measured } from './load/load.js';
import { cpuSeconds } from './machine/cpu-seconds.js';

/** One case, ready to run. */
export interface Runner {
  /** The case's name, and its connections: `reserve@64`. */
  name: string;
  /** Made for every round: commits need fresh reservations. */
  load(): Promise<Load>;
  /** CPU time is counted for these: the server's process, and Postgres with its children. */
  pids: { server: number; postgres: number };
}

export interface Sample extends Measured {
  /** µs of CPU a call; undefined where the system does not tell. */
  serverCpuUs: number | undefined;
  postgresCpuUs: number | undefined;
}

/** By case and connections (`reserve@64`), a sample a round; the same index is the same round. */
export type Samples = Record<string, Sample[]>;

export type Generate = (load: Load) => Promise<Measured>;

/** Between two cases: for what the last one left in flight. */
const PAUSE_MS = 150;

export class RefusedError extends Error {}

export async function runRounds(
  runners: readonly Runner[],
  { rounds, generate, tell }: { rounds: number; generate: Generate; tell: (line: string) => void },
): Promise<Samples> {
  const samples: Samples = Object.fromEntries(runners.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < runners.length; i++) {
      const runner = runners[(i + round) % runners.length] as Runner;
      const sample = await runOnce(runner, generate);
      samples[runner.name]?.push(sample);
      tell(`round ${round + 1}/${rounds} ${runner.name}: ${Math.round(sample.perSecond)}/s`);
    }
  }
  return samples;
}

export async function runOnce(runner: Runner, generate: Generate): Promise<Sample> {
  const load = await runner.load();
  await sleep(PAUSE_MS);
  const before = cpu(runner);
  const measured = await generate(load);
  const after = cpu(runner);
  if (measured.requests === 0) throw new RefusedError(`${runner.name}: no answer at all`);
  if (measured.refused > 0 || measured.failed > 0) {
    throw new RefusedError(
      `${runner.name}: ${measured.refused} of ${measured.requests} answers were not 2xx and ${measured.failed} failed; ` +
        'what is refused is not what is measured',
    );
  }
  const perCall = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : ((to - from) / measured.requests) * 1e6;
  return {
    ...measured,
    serverCpuUs: perCall(before.server, after.server),
    postgresCpuUs: perCall(before.postgres, after.postgres),
  };
}

const cpu = ({ pids }: Runner) => ({
  server: cpuSeconds(pids.server),
  postgres: cpuSeconds(pids.postgres, { withChildren: true }),
});
