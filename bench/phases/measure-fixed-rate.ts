import { caseNamed } from '../cases.js';
import { type Latency, runOpenLoop } from '../load/run-open-loop.js';
import { spreadOf } from '../report/ratios.js';
import type { FixedRateResults, Results } from '../report/results.js';
import { RefusedError } from '../rounds.js';
import { ADMIN_KEY } from '../servers/service-process.js';
import { measureCases } from './measure-cases.js';
import type { Run } from './phase.js';

const SHARE_OF_MAXIMUM = 0.5;
/** Many more than are in flight at half the maximum rate: a request waits for a connection only if the server stalls. */
const CONNECTIONS = 128;
const SECONDS = 8;
const QUICK_SECONDS = 1.5;
const NAMES = ['empty', 'reserve'] as const;

/** Latency of reserve at half of its own maximum, and of the empty route at that same rate. */
export async function measureFixedRate(run: Run, soFar: Partial<Results>): Promise<FixedRateResults> {
  const { fleet, signal, options, say } = run;
  const ratePerSecond = Math.round((await maximumRate(run, soFar)) * SHARE_OF_MAXIMUM);
  const cases: Record<string, Latency[]> = { empty: [], reserve: [] };
  const take = async (name: (typeof NAMES)[number], seconds: number) => {
    const { server } = caseNamed(name);
    await fleet.start(server);
    const { service, size } = fleet.get(server);
    const of = { url: service.url, key: ADMIN_KEY, users: size.users, connections: CONNECTIONS };
    return runOpenLoop({ ...of, call: 'reserve', choice: 'spread', seconds, ratePerSecond }, signal);
  };
  for (const name of NAMES) await take(name, 1);
  for (let round = 0; round < options.rounds; round++) {
    for (const name of round % 2 === 0 ? NAMES : [...NAMES].reverse()) {
      const latency = await take(name, options.quick ? QUICK_SECONDS : SECONDS);
      if (latency.refused + latency.failed > 0) throw new RefusedError(`${name} at a fixed rate was refused`);
      cases[name]?.push(latency);
      say(
        `round ${round + 1}/${options.rounds} ${name} at ${ratePerSecond}/s: p99 ${latency.p99Ms.toFixed(1)} ms`,
      );
    }
  }
  return { ratePerSecond, cases };
}

/** Reserve's rate at the first number of connections: from this run if it was measured, otherwise measured now. */
async function maximumRate(run: Run, soFar: Partial<Results>): Promise<number> {
  const { connections, seconds } = run.options;
  const at = { connections: connections[0] ?? 64, seconds };
  const name = `reserve@${at.connections}`;
  const samples =
    soFar.throughput?.[name] ?? (await measureCases(run, [caseNamed('reserve')], at))[name] ?? [];
  return spreadOf(samples.map(({ perSecond }) => perSecond)).median;
}
