import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { spreadOf } from '../report/ratios.js';

const SAMPLE_MS = 500;

export interface MemoryResults {
  seconds: number;
  /** Under load the whole time, in calls a second. */
  perSecond: number;
  startMb: number;
  endMb: number;
  maxMb: number;
  /** Medians of the third and of the last quarter: if memory still grows then, it is not warm-up. */
  thirdQuarterMb: number;
  lastQuarterMb: number;
}

/** Resident memory of a process in MB, sampled until `stop`. */
export class MemoryWatch {
  readonly #samples: number[] = [];
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#pid = pid;
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  /** In the order of time. */
  stop(): readonly number[] {
    clearInterval(this.#timer);
    this.#sample();
    return this.#samples;
  }

  #sample(): void {
    this.#samples.push(residentMb(this.#pid));
  }
}

export function memoryResults(samples: readonly number[], seconds: number, perSecond: number): MemoryResults {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const median = (values: readonly number[]) => spreadOf(values).median;
  return {
    seconds,
    perSecond,
    startMb: samples[0] ?? Number.NaN,
    endMb: samples.at(-1) ?? Number.NaN,
    maxMb: Math.max(...samples),
    thirdQuarterMb: median(samples.slice(-2 * quarter, -quarter)),
    lastQuarterMb: median(samples.slice(-quarter)),
  };
}

function residentMb(pid: number): number {
  return residentKb(pid) / 1024;
}

function residentKb(pid: number): number {
  try {
    return Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
  }
}
