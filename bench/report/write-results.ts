import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Options } from '../options.js';
import type { Samples } from '../rounds.js';

const RESULTS = fileURLToPath(new URL('../../../bench/results/', import.meta.url));

export function writeResults(samples: Samples, options: Options, startedAt: Date): void {
  mkdirSync(RESULTS, { recursive: true });
  const name = options.name ?? nameOf(options);
  const results = { startedAt: startedAt.toISOString(), options, samples: Object.fromEntries(samples) };
  writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify(results, null, 1)}\n`);
}

/** A selection says nothing of the whole, and is not kept (.gitignore). */
const nameOf = ({ only, against, quick }: Options): string =>
  only || against ? 'partial' : quick ? 'quick' : 'full';
