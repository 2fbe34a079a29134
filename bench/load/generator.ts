/** Which generator makes the load on this machine. */
import { spawnSync } from 'node:child_process';
import type { Load, Measured } from './load.js';
import { runAutocannon } from './run-autocannon.js';
import { runWrk } from './run-wrk.js';

export interface Generator {
  /** For the results: rates of different generators are not to be compared. */
  name: string;
  run(load: Load): Promise<Measured>;
}

export function findGenerator(): Generator {
  // It prints its version and then its usage, with an exit code of 1.
  const { stdout, stderr, error } = spawnSync('wrk', ['-v'], { encoding: 'utf8' });
  if (error) return { name: 'autocannon', run: runAutocannon };
  const version = /wrk (?:debian\/)?(\d+\.\d+\.\d+)/.exec(`${stdout}${stderr}`)?.[1];
  return { name: `wrk ${version ?? ''}`.trim(), run: runWrk };
}
