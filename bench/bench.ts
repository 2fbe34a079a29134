/** `npm run bench`: starts everything it needs, measures, says what it found, and ends everything. */
import { againstCases, CASES, type Case } from './cases.js';
import { runWrk } from './load/run-wrk.js';
import { OptionError, type Options, readOptions } from './options.js';
import { printTable } from './report/print-table.js';
import { writeResults } from './report/write-results.js';
import { type Runner, runOnce, runRounds, type Samples } from './rounds.js';
import { caseRunner } from './servers/case-runner.js';
import { Fleet } from './servers/fleet.js';
import { startThrowawayServers, type ThrowawayServers } from './servers/throwaway-servers.js';

const say = (line: string) => process.stdout.write(`${line}\n`);

function chosenCases({ only, quick, against }: Options): Case[] {
  const chosen = CASES.filter((one) => (only ? only.includes(one.name) : one.quick || !quick));
  return against ? [...chosen, ...againstCases(chosen)] : chosen;
}

async function warmUp(runners: readonly Runner[]): Promise<void> {
  for (const runner of runners) await runOnce(runner, (load) => runWrk({ ...load, seconds: 1 }));
}

async function measure(servers: ThrowawayServers, options: Options, signal: AbortSignal): Promise<Samples> {
  const cases = chosenCases(options);
  const fleet = new Fleet(servers, options.against);
  for (const { server } of cases) await fleet.start(server);
  const all: Samples = new Map();
  for (const connections of options.connections) {
    const with_ = { fleet, servers, connections, seconds: options.seconds, signal };
    const runners = cases.map((one) => caseRunner(one, with_));
    await warmUp(runners);
    const samples = await runRounds(runners, { rounds: options.rounds, generate: runWrk, tell: say });
    for (const [name, taken] of samples) all.set(name, taken);
  }
  return all;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const startedAt = new Date();
  const abort = new AbortController();
  const servers = await startThrowawayServers();
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(name, () => {
      abort.abort();
      void servers.close().finally(() => process.exit(code));
    });
  }
  try {
    const samples = await measure(servers, options, abort.signal);
    printTable(samples, say);
    writeResults(samples, options, startedAt);
  } finally {
    await servers.close();
  }
}

try {
  await main();
} catch (error) {
  const known = error instanceof OptionError || (error as Error).name === 'MissingProgram';
  process.stderr.write(`${known ? (error as Error).message : ((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
}
