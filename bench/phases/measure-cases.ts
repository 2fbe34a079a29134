import type { Case } from '../cases.js';
import { type Runner, runRounds, type Samples } from '../rounds.js';
import { caseRunner } from '../servers/case-runner.js';
import type { Run } from './phase.js';

/**
 * In seconds. A new server has code to compile, and goes on finding quicker code for some ten seconds under load (its
 * CPU a call fell from 180 µs to 100 in that time); one that ran before only has new calls and connections.
 */
const WARM_UP = { first: 10, again: 3 };
const QUICK_WARM_UP = { first: 2, again: 1 };

/** Starts what the cases need, warms it up, and runs them in turn. */
export async function measureCases(
  run: Run,
  cases: readonly Case[],
  { connections, seconds }: { connections: number; seconds: number },
): Promise<Samples> {
  const { fleet, servers, generator, signal, options, say } = run;
  for (const { server } of cases) await fleet.start(server);
  const runners = cases.map((one) => caseRunner(one, { fleet, servers, connections, seconds, signal }));
  const warmUp = options.quick ? QUICK_WARM_UP : WARM_UP;
  for (const [i, { server }] of cases.entries()) {
    const load = await (runners[i] as Runner).load();
    await generator.run({ ...load, seconds: run.warm.has(server) ? warmUp.again : warmUp.first });
    run.warm.add(server);
  }
  const generate = generator.run;
  return runRounds(runners, { rounds: options.rounds, generate, tell: say });
}
