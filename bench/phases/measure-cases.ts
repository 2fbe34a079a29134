import type { Case } from '../cases.js';
import { type Runner, runRounds, type Samples } from '../rounds.js';
import { caseRunner } from '../servers/case-runner.js';
import type { Run } from './phase.js';

/** A new server has code to compile; one that ran before only new calls and connections. */
const FIRST_WARM_UP_S = 2;
const WARM_UP_S = 1;

/** Starts what the cases need, warms it up, and runs them in turn. */
export async function measureCases(
  run: Run,
  cases: readonly Case[],
  { connections, seconds }: { connections: number; seconds: number },
): Promise<Samples> {
  const { fleet, servers, generator, signal, options, say } = run;
  for (const { server } of cases) await fleet.start(server);
  const runners = cases.map((one) => caseRunner(one, { fleet, servers, connections, seconds, signal }));
  for (const [i, { server }] of cases.entries()) {
    const load = await (runners[i] as Runner).load();
    await generator.run({ ...load, seconds: run.warm.has(server) ? WARM_UP_S : FIRST_WARM_UP_S });
    run.warm.add(server);
  }
  const generate = generator.run;
  return runRounds(runners, { rounds: options.rounds, generate, tell: say });
}
