import type { Case } from '../cases.js';
import { runRounds, type Samples } from '../rounds.js';
import { caseRunner } from '../servers/case-runner.js';
import type { Run } from './phase.js';

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
  for (const runner of runners) {
    await generator.run({ ...(await runner.load()), seconds: WARM_UP_S });
  }
  const generate = generator.run;
  return runRounds(runners, { rounds: options.rounds, generate, tell: say });
}
