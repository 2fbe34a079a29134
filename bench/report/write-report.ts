/** Writes what a run found: the figures, the picture, and, for a run that may stand for the project, the README. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plot } from './plot.js';
import { readmeSection } from './readme-section.js';
import type { Results } from './results.js';

const BENCH = fileURLToPath(new URL('../../../bench/', import.meta.url));
const BEGIN = '<!-- results: written by npm run bench -->';
const END = '<!-- end of results -->';
/** The README shows the first of these that exists. */
const SHOWN = ['full', 'quick'];

export function writeReport(results: Results, name: string, say: (line: string) => void): void {
  const folder = join(BENCH, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(results, null, 1)}\n`);
  say(`Written: bench/results/${name}.json`);
  if (!results.throughput) return;
  writeFileSync(join(folder, `${name}.svg`), plot(results));
  if (shownResults(BENCH) !== name) return;
  const readme = join(BENCH, 'README.md');
  writeFileSync(readme, withSection(readFileSync(readme, 'utf8'), readmeSection(results, name)));
  say('Written: bench/README.md');
}

/** The name of the results that the README of this folder shows; undefined where there are none yet. */
export function shownResults(benchFolder: string): string | undefined {
  return SHOWN.find((name) => existsSync(join(benchFolder, 'results', `${name}.json`)));
}

/** The README with this between its two marks. */
export function withSection(readme: string, section: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('bench/README.md has lost the marks of its results');
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${section}\n\n${readme.slice(end)}`;
}
