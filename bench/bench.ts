/** `npm run bench`: starts everything it needs, measures, says what it found, and ends everything. */
import { caseNamed, LARGE_CASES } from './cases.js';
import { findGenerator } from './load/generator.js';
import { describeMachine } from './machine/describe-machine.js';
import { isWanted, type Options, readOptions } from './options.js';
import { measureCases } from './phases/measure-cases.js';
import { measureFixedRate } from './phases/measure-fixed-rate.js';
import { measureLimiter } from './phases/measure-limiter.js';
import { measureMemory } from './phases/measure-memory.js';
import { auditLedger, measureThroughput, refuseDenials } from './phases/measure-throughput.js';
import type { Run } from './phases/phase.js';
import { profileLines } from './report/cpu-profile.js';
import { printTable } from './report/print-table.js';
import type { Results } from './report/results.js';
import { writeReport } from './report/write-report.js';
import { Fleet } from './servers/fleet.js';
import { startThrowawayServers, type ThrowawayServers } from './servers/throwaway-servers.js';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** One connection, one request at a time. */
const LONE = ['one-transaction', 'reserve'].map(caseNamed);

async function measure(run: Run): Promise<Results> {
  const { options, servers, generator, fleet } = run;
  const { quick, rounds, seconds, connections } = options;
  const results: Results = {
    startedAt: new Date().toISOString(),
    finishedAt: '',
    machine: await describeMachine(servers, generator.name),
    settings: { quick, rounds, seconds, connections },
  };
  const throughput = await measureThroughput(run);
  if (Object.keys(throughput).length > 0) results.throughput = throughput;
  if (isWanted(options, 'lone')) results.lone = await measureCases(run, LONE, { connections: 1, seconds });
  if (isWanted(options, 'fixed-rate')) results.fixedRate = await measureFixedRate(run, results);
  if (isWanted(options, 'limiter')) results.limiter = await measureLimiter(run);
  if (isWanted(options, 'memory')) results.memory = await measureMemory(run);
  const service = fleet.started('farebox')?.service;
  if (service) {
    await refuseDenials(service);
    results.audit = await auditLedger(service);
  }
  if (isWanted(options, 'large')) {
    const at = { connections: connections[0] ?? 64, seconds };
    results.large = await measureCases(run, LARGE_CASES, at);
  }
  return { ...results, finishedAt: new Date().toISOString() };
}

/** However the run ends, everything it started ends too; the watchdog sees to it if this process is killed. */
function endOnSignals(servers: ThrowawayServers, abort: AbortController): void {
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(name, () => {
      abort.abort();
      const exit = () => process.exit(code);
      servers.close().then(exit, exit);
    });
  }
}

async function main(options: Options): Promise<void> {
  const abort = new AbortController();
  const servers = await startThrowawayServers();
  endOnSignals(servers, abort);
  try {
    const fleet = new Fleet(servers, options);
    const generator = findGenerator();
    const { signal } = abort;
    const results = await measure({ options, servers, fleet, generator, warm: new Set(), signal, say });
    for (const part of [results.throughput, results.lone, results.large]) if (part) printTable(part, say);
    writeReport(results, options.name, say);
    if (options.cpuProf) {
      await fleet.stop();
      for (const line of profileLines(options.cpuProf)) say(line);
    }
  } finally {
    await servers.close();
  }
}

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  const { name, message, stack } = error as Error;
  // A wrong option or a missing program: the message is enough, a stack would not help.
  const isPlain = name === 'OptionError' || error?.constructor.name === 'MissingProgram';
  process.stderr.write(`${isPlain ? message : (stack ?? message)}\n`);
  process.exitCode = 1;
}
