import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Call, Choice } from './load.js';

const PROGRAM = fileURLToPath(new URL('./open-loop.js', import.meta.url));

export interface FixedRate {
  url: string;
  key: string;
  call: Exclude<Call, 'commit' | 'life'>;
  users: number;
  choice: Choice;
  /** More than are ever in flight at once; with fewer, requests would wait for each other. */
  connections: number;
  seconds: number;
  ratePerSecond: number;
}

export interface Latency {
  requests: number;
  /** The rate that was reached: the one asked for, if the server kept up. */
  perSecond: number;
  refused: number;
  failed: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** In a process of its own, so that nothing else of the benchmark delays it. */
export async function runOpenLoop(load: FixedRate, signal: AbortSignal): Promise<Latency> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, JSON.stringify(load)], { signal });
  return JSON.parse(stdout) as Latency;
}
