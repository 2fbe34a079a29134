/** Where a service's CPU time went, from the profiles that Node writes (--cpu-prof). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  /** Node ids, and µs since the sample before. */
  samples: number[];
  timeDeltas: number[];
}

const SHOWN = 20;

/** Shares of the time in which the process was not idle: first by room or package, then by function. */
export function profileLines(folder: string): string[] {
  const profiles = readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'));
  const [byPlace, byFunction] = [new Map<string, number>(), new Map<string, number>()];
  const add = (times: Map<string, number>, name: string, us: number) =>
    times.set(name, (times.get(name) ?? 0) + us);
  for (const file of profiles) {
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
    const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
    for (const [i, id] of samples.entries()) {
      const frame = frames.get(id);
      if (!frame || frame.functionName === '(idle)') continue;
      const place = placeOf(frame.url) || frame.functionName;
      add(byPlace, place, timeDeltas[i] ?? 0);
      add(
        byFunction,
        `${frame.functionName || '(anonymous)'} ${place}:${frame.lineNumber + 1}`,
        timeDeltas[i] ?? 0,
      );
    }
  }
  return [...topOf(byPlace), '', ...topOf(byFunction)];
}

/** A package's name, a file of ours without its folders above, or Node's own module. */
function placeOf(url: string): string {
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  return inPackage ?? url.replace(/^.*\/dist\//, '');
}

function topOf(times: ReadonlyMap<string, number>): string[] {
  const total = [...times.values()].reduce((sum, us) => sum + us, 0);
  return [...times]
    .sort(([, one], [, other]) => other - one)
    .slice(0, SHOWN)
    .map(([name, us]) => `${((us / total) * 100).toFixed(1).padStart(5)} %  ${name}`);
}
