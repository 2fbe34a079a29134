import type { Case } from '../cases.js';
import { runRounds, type Samples } from '../rounds.js';
import { caseRunner } from '../servers/case-runner.js';
import type { Run } from './phase.js';

/**
 * Code keeps getting quicker under load, and takes longer the more kinds of calls a server gets: over five rounds of
 * eight cases limits/check rose from 6,100 to 10,200 a second, the empty route from 10,300 to 11,200. So every case runs
 * a few times, in turn, before anything is measured; a server that ran before only gets new connections.
 */
const WARM_UP = { times: 4, seconds: 4 };
const QUICK_WARM_UP = { times: 1, seconds: 2 };
const AGAIN = { times: 1, seconds: 1 };

/** Starts what the cases need, warms it up, and runs them in turn. */
export async function measureCases(
  run: Run,
  cases: readonly Case[],
  { connections, seconds }: { connections: number; seconds: number },
): Promise<Samples> {
  const { fleet, servers, generator, signal, options, say } = run;
  for (const { server } of cases) await fleet.start(server);
  const runners = cases.map((one) => caseRunner(one, { fleet, servers, connections, seconds, signal }));
  const isWarm = cases.every(({ server }) => run.warm.has(server));
  const { times, seconds: warmUpSeconds } = isWarm ? AGAIN : options.quick ? QUICK_WARM_UP : WARM_UP;
  for (let time = 0; time < times; time++) {
    for (const runner of runners) {
      await generator.run({ ...(await runner.load()), seconds: Math.min(seconds, warmUpSeconds) });
    }
  }
  for (const { server } of cases) run.warm.add(server);
  const generate = generator.run;
  return runRounds(runners, { rounds: options.rounds, generate, tell: say });
}
