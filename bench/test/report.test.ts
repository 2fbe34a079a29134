/** What the benchmark says is what it measured: in the goals, the README and the picture. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { goalLines } from '../report/goals.js';
import { plot } from '../report/plot.js';
import { readmeSection } from '../report/readme-section.js';
import type { Results } from '../report/results.js';
import { shownResults, withSection } from '../report/write-report.js';
import { SAMPLE } from './sample-results.js';

const BENCH = fileURLToPath(new URL('../../../bench/', import.meta.url));
const read = (file: string) => readFileSync(join(BENCH, file), 'utf8');

t.test('goals are judged by the ratio of the same rounds, each in its direction', async (t) => {
  const reached = new Map(goalLines(SAMPLE).map((line) => [line.figure, line.reached]));
  t.equal(reached.get('reserve ÷ empty route, 64 connections'), true);
  t.equal(reached.get('reserve ÷ empty route, 256 connections'), false);
  t.equal(reached.get('reserve ÷ one-transaction design'), false);
  t.equal(reached.get('one hot user ÷ spread users (reserve)'), false);
  t.equal(reached.get('a lone request: p50 ÷ one-transaction design'), true);
  t.equal(reached.get('p99 of reserve at half of its maximum rate'), true);
  t.equal(reached.get('that p99 ÷ the empty route’s at the same rate'), false);
  t.equal(reached.get('limiter’s script in Redis, full log at limit 10'), true);
  t.equal(reached.get('limiter’s script in Redis, full log at limit 100'), false);
  t.equal(reached.get('resident memory, longest run'), true);
});

t.test('what a run left out is called so, and never reached', async (t) => {
  const { startedAt, finishedAt, machine, settings } = SAMPLE;
  const lines = goalLines({ startedAt, finishedAt, machine, settings });
  t.ok(lines.length >= 14, 'every goal has its line');
  t.ok(lines.every(({ reached, measured }) => reached === undefined && measured === undefined));
  const whole = goalLines(SAMPLE).find(({ figure }) => figure.startsWith('limits/check'));
  t.equal(whole?.reached, undefined);
});

t.test('the README’s tables hold medians with their spread, and the verdicts', async (t) => {
  const text = readmeSection(SAMPLE, 'sample');
  t.match(text, '| reserve ÷ empty route, 64 connections | ≥ 0.75 | 0.800 | reached |');
  t.match(text, '| reserve ÷ empty route, 256 connections | ≥ 0.75 | 0.500 | **not reached** |');
  t.match(text, '| limits/check ÷ empty route | ≥ 0.8 | – | not measured in this run |');
  t.match(text, '| reserve | 6,000 (4,000–8,000) | 0.80 | 4,500 (3,000–6,000) | 0.50 | 80 | – |');
  t.match(text, '| other | 40,000 | 9.0 | 1.99 × the limit |');
  t.notMatch(text, 'balance', 'a case that was not run has no row');
});

t.test('the section is put between its marks, and what people wrote around it stays', async (t) => {
  const readme = read('README.md');
  const [before] = readme.split('<!-- results');
  const once = withSection(readme, 'ONE');
  t.ok(once.startsWith(before ?? 'never'));
  t.equal(withSection(withSection(readme, 'TWO'), 'ONE'), once);
  t.match(once, '\n\nONE\n\n');
});

t.test('the picture shows a bar for each case, as long as its rate', async (t) => {
  const svg = plot(SAMPLE);
  const widths = [...svg.matchAll(/<rect class="(\w+)" x="250" y="\d+" width="([\d.]+)"/g)];
  t.same(
    widths.map(([, group]) => group),
    ['ceiling', 'baseline', 'farebox', 'farebox'],
  );
  const [empty, one, reserve] = widths.map(([, , width]) => Number(width));
  t.ok(Math.abs((reserve ?? 0) / (empty ?? 1) - 0.8) < 0.01);
  t.ok(Math.abs((one ?? 0) / (empty ?? 1) - 0.09) < 0.01);
  t.match(svg, '6,000/s<tspan class="soft" dx="6"> × 0.80</tspan>');
});

t.test('README and picture are those of the results that are kept', async (t) => {
  const name = shownResults(BENCH);
  if (name === undefined) {
    t.match(read('README.md'), 'No results yet.');
    return;
  }
  const results = JSON.parse(read(`results/${name}.json`)) as Results;
  t.equal(read('README.md'), withSection(read('README.md'), readmeSection(results, name)));
  t.equal(read(`results/${name}.svg`), plot(results));
});
