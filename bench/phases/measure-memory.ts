import { caseNamed } from '../cases.js';
import { type MemoryResults, MemoryWatch, memoryResults } from '../machine/memory-watch.js';
import { runOnce } from '../rounds.js';
import { caseRunner } from '../servers/case-runner.js';
import type { Run } from './phase.js';

const SECONDS = 240;
const QUICK_SECONDS = 6;

/** Whole lives without a pause for as long as the run allows, while the service's memory is watched. */
export async function measureMemory(run: Run): Promise<MemoryResults> {
  const { fleet, servers, signal, generator, options, say } = run;
  const life = caseNamed('life');
  await fleet.start(life.server);
  const seconds = options.quick ? QUICK_SECONDS : SECONDS;
  const runner = caseRunner(life, {
    fleet,
    servers,
    connections: options.connections[0] ?? 64,
    seconds,
    signal,
  });
  const watch = new MemoryWatch(fleet.get(life.server).service.pid);
  const { perSecond } = await runOnce(runner, generator.run);
  const results = memoryResults(watch.stop(), seconds, perSecond);
  say(`life for ${seconds} s: ${Math.round(perSecond)}/s, at most ${Math.round(results.maxMb)} MB resident`);
  return results;
}
