import { readdirSync, readFileSync } from 'node:fs';

/** Linux reports CPU time in hundredths of a second, independent of its own tick. */
const TICKS_PER_SECOND = 100;

interface Stat {
  parent: number;
  ticks: number;
  /** Of children that have ended. */
  ended: number;
}

/** CPU time of a process so far, with its children's if asked; undefined where the system does not tell. */
export function cpuSeconds(pid: number, { withChildren = false } = {}): number | undefined {
  const own = statOf(pid);
  if (!own) return undefined;
  if (!withChildren) return own.ticks / TICKS_PER_SECOND;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat?.parent === pid);
  return children.reduce((sum, stat) => sum + (stat?.ticks ?? 0), own.ticks + own.ended) / TICKS_PER_SECOND;
}

function statOf(pid: number): Stat | undefined {
  try {
    // The program's name comes second, in brackets, and may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const sum = (first: number) => Number(fields[first]) + Number(fields[first + 1]);
    return { parent: Number(fields[1]), ticks: sum(11), ended: sum(13) };
  } catch {
    return undefined;
  }
}
