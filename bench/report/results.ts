/** The results' file: figures as measured, so that every ratio and sentence can be computed from it again. */

import type { LimiterResults } from '../limiter/limiter-results.js';
import type { Latency } from '../load/run-open-loop.js';
import type { Machine } from '../machine/describe-machine.js';
import type { MemoryResults } from '../machine/memory-watch.js';
import type { Samples } from '../rounds.js';

export interface RunSettings {
  quick: boolean;
  rounds: number;
  seconds: number;
  connections: number[];
}

export interface FixedRateResults {
  /** Asked of both. */
  ratePerSecond: number;
  /** By case, one a round. */
  cases: Record<string, Latency[]>;
}

/** A part is absent where it was not measured. */
export interface Results {
  startedAt: string;
  finishedAt: string;
  machine: Machine;
  settings: RunSettings;
  throughput?: Samples;
  lone?: Samples;
  fixedRate?: FixedRateResults;
  large?: Samples;
  limiter?: LimiterResults;
  memory?: MemoryResults;
  /** What GET /audit said of the measured ledger at the end. */
  audit?: { accounts: number; entries: number; mismatches: number };
}
