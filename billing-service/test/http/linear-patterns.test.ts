/**
 * No pattern makes the service walk a text more than once: each is timed on texts made to be its worst, as a ratio to a
 * plain walk over the same text, and to itself on a quarter of it. Collected from the code and the schemas.
 */
import t from 'tap';
import ts from 'typescript';
import { routes } from '../../src/http/routes.js';
import type { Services } from '../../src/http/services.js';
import { everyNode, projectFiles } from '../tidy/source-file.js';

t.setTimeout(300_000);

/** What a body may have, and four times that. */
const SHORT = 16 * 1024;
const LONG = 4 * SHORT;
/** The service's patterns cost at most 5 plain steps a character; `\d{308}` asked from every digit costs 150. */
const MOST_STEPS = 40;
/** Four times the text: four times the work, or sixteen. Asked only of what takes long enough to be told. */
const MOST_GROWTH = 9;
const TELLING_US = 3_000;

const CHARACTERS = [
  '9',
  'a',
  ' ',
  '"',
  '\\',
  ':',
  '.',
  '-',
  '_',
  'A',
  ',',
  '/',
  '*',
  '\n',
  '\u00e9',
  '😀',
  'e+',
  'a:',
  '"a',
  'a ',
  '9.',
  '9,',
  '0-',
];
const BEGINNINGS = ['', 'a', 'a:', 'Bearer ', 'W/"', '/:', 'gzip', '2030-01-01T00:00:00.'];

function* texts(source: string, length: number): Generator<string> {
  const bounds = [...source.matchAll(/\{(\d+),?(\d*)\}/g)].flatMap(([, least, most]) => [
    Number(least),
    Number(most),
  ]);
  const runs = bounds.filter((bound) => bound > 1).map((bound) => bound - 1);
  const words = source.match(/[A-Za-z]{2,}/g) ?? [];
  for (const character of new Set([...CHARACTERS, ...words])) {
    for (const run of new Set([0, ...runs])) {
      // Runs one short of what a bound asks for, or one run alone; and never an end that fits.
      const piece = run === 0 ? character : `${character.repeat(run)},`;
      for (const beginning of BEGINNINGS) {
        yield `${beginning}${piece.repeat(Math.ceil(length / piece.length)).slice(0, length)}\u0001`;
      }
    }
  }
}

/** CPU of this thread's work in µs, the least of three: what others do on the machine only ever adds to it. */
function costOf(work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, user + system);
  }
  return least;
}

let seen = 0;
function walk(text: string): void {
  for (let i = 0; i < text.length; i++) seen += text.charCodeAt(i);
}

/** What is wrong with a pattern, or nothing. */
function faultOf(pattern: RegExp): string | undefined {
  const global = new RegExp(
    pattern.source,
    pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`,
  );
  const match = (text: string) => void text.replace(global, '');
  const step =
    costOf(() => {
      for (let i = 0; i < 20; i++) walk('x'.repeat(LONG));
    }) /
    (20 * LONG);
  let worst = { text: '', us: 0 };
  for (const text of texts(pattern.source, SHORT)) {
    const us = costOf(() => match(text));
    if (us > worst.us) worst = { text, us };
    if (us > step * MOST_STEPS * SHORT)
      return `${Math.round(us / (step * SHORT))} steps a character on ${sample(text)}`;
  }
  if (worst.us < TELLING_US) return undefined;
  const long = `${worst.text.slice(0, -1).repeat(LONG / SHORT)}\u0001`;
  const growth = costOf(() => match(long)) / worst.us;
  return growth > MOST_GROWTH
    ? `four times the text take ${growth.toFixed(1)} times as long: ${sample(long)}`
    : undefined;
}

const sample = (text: string): string => JSON.stringify(text.slice(0, 24));

/** Every literal of the service's code, and every pattern written as a text: for `new RegExp`, or in a schema. */
function patternsOfCode(): Map<string, RegExp> {
  const found = new Map<string, RegExp>();
  for (const file of projectFiles().filter(({ path }) => path.startsWith('billing-service/src/'))) {
    for (const node of everyNode(file)) {
      if (!ts.isRegularExpressionLiteral(node)) continue;
      const [, source = '', flags] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [];
      found.set(node.text, new RegExp(source, flags));
    }
  }
  return found;
}

function patternsOfSchemas(): Map<string, RegExp> {
  const testClock = { advance: async () => 0 };
  const found = new Map<string, RegExp>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { pattern } = value as { pattern?: unknown };
    if (typeof pattern === 'string') found.set(pattern, new RegExp(pattern, 'u'));
    for (const part of Object.values(value)) visit(part);
  };
  for (const { schema } of routes({ testClock } as unknown as Services)) visit(schema);
  return found;
}

t.test('patterns that walk a text again and again are found', async (t) => {
  t.ok(faultOf(/\d{308}/), 'a bound looked for from every digit');
  t.ok(faultOf(/\d+x/), 'an open run looked for from every digit');
  t.ok(faultOf(/^(?:a|a )*:$/u) === undefined, 'two forms that never fit the same text are one walk');
  t.notOk(faultOf(/^[a-z][a-z0-9_-]*$/), 'a plain one is not');
});

t.test('every pattern of the service is one walk', async (t) => {
  const patterns = new Map([...patternsOfCode(), ...patternsOfSchemas()]);
  t.ok(patterns.size > 25, `${patterns.size} patterns`);
  for (const [name, pattern] of patterns) t.equal(faultOf(pattern), undefined, name);
  t.ok(seen > 0);
});
