import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Options } from '../options.js';
import type { Results } from './results.js';

const BENCH = fileURLToPath(new URL('../../../bench/', import.meta.url));

export function writeReport(results: Results, { name }: Options, say: (line: string) => void): void {
  const folder = join(BENCH, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(results, null, 1)}\n`);
  say(`Written: bench/results/${name}.json`);
}
