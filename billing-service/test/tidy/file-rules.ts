/** Every rule about a single file, with samples that break it and samples that do not. */
import { forbiddenImports } from './import-rules.js';
import { BAD_IMPORTS, GOOD_IMPORTS } from './import-samples.js';
import { unheardRejections } from './promise-rules.js';
import type { SourceFile } from './source-file.js';
import { piecesAsText } from './stream-rules.js';
import * as style from './style-rules.js';
import * as testing from './test-rules.js';

interface Rule {
  name: string;
  check: (file: SourceFile) => string[];
  /** [path, text] of files that break the rule, and of some that do not. */
  bad: [string, string][];
  good: [string, string][];
}

const http = 'billing-service/src/http/x.ts';
const repeat = (line: string, times: number) => `${line}\n`.repeat(times);

export const FILE_RULES: Rule[] = [
  {
    name: 'imports run one way: http → domain ← stores; the bot and the service share nothing',
    check: forbiddenImports,
    bad: BAD_IMPORTS,
    good: GOOD_IMPORTS,
  },
  {
    name: 'process.env is read only in common/src/settings.ts',
    check: style.readsEnvironment,
    bad: [[http, 'const port = process.env.PORT;']],
    good: [
      ['common/src/settings.ts', 'return process.env;'],
      [http, 'const text = "process.env";'],
    ],
  },
  {
    name: 'no file is longer than 200 lines',
    check: style.tooLong,
    bad: [[http, repeat('x();', 201)]],
    good: [[http, repeat('x();', 200)]],
  },
  {
    name: 'no function is longer than 70 lines',
    check: style.tooLongFunctions,
    bad: [
      [http, `function x() {\n${repeat('y();', 69)}}`],
      [http, `const x = () => {\n${repeat('y();', 69)}}`],
      [http, `class X { y() {\n${repeat('y();', 69)}} }`],
    ],
    good: [
      [http, `function x() {\n${repeat('y();', 68)}}`],
      [
        'bench/x.test.ts',
        `t.test('group', async (t) => {\n${repeat(`t.test('x', () => {\ny();\n});`, 30)}});`,
      ],
    ],
  },
  {
    name: 'files are named in kebab-case, after what they are',
    check: style.badName,
    bad: [
      ['bench/loadRun.ts', ''],
      ['bench/load_run.ts', ''],
      ['bench/string-utils.ts', ''],
      ['bench/helpers.ts', ''],
    ],
    good: [['bench/load-run.test.ts', '']],
  },
  {
    name: 'nothing is marked as unfinished or silenced without a reason',
    check: style.leftovers,
    bad: [
      [http, '// TO' + 'DO later'],
      [http, '// @ts-ig' + 'nore'],
      [http, '// biome-' + 'ignore lint/x'],
    ],
    good: [[http, '// biome-' + 'ignore lint/x: the library hands out nothing else']],
  },
  {
    name: 'nothing is cast to any',
    check: style.castsToAny,
    bad: [[http, 'const x = y as any;']],
    good: [[http, 'const x = y as unknown;']],
  },
  {
    name: 'what is private is called #…',
    check: style.privateByKeyword,
    bad: [
      [http, 'class X { private readonly y = 1; }'],
      [http, 'class X { private async y() {} }'],
      [http, 'class X { constructor(private y: number) {} }'],
    ],
    good: [[http, 'class X { #y = 1; private constructor() {} protected z() {} }']],
  },
  {
    name: 'nobody fails unheard: a promise that is not awaited says who hears of its failure',
    check: unheardRejections,
    bad: [
      [http, `createServer(async (request, response) => response.end(await figures()));`],
      [http, `const x = new Promise(async (resolve) => resolve(await y()));`],
      [http, `void send(x);`],
      [http, `async function send() { await y(); } void send();`],
      [http, `void x().finally(() => y());`],
      [http, `x().then(() => y());`],
    ],
    good: [
      [http, `void send(x).catch((error) => warn(error)); x().then(y, z);`],
      [http, `async function send() { try { await y(); } catch { z(); } } void send();`],
      [http, `class X { async #y() { await sleep(5); await z().catch(() => {}); } x() { void this.#y(); } }`],
    ],
  },
  {
    name: 'no test is left out or run alone',
    check: testing.testsLeftOut,
    bad: [
      ['bench/x.test.ts', `t.skip('x', async () => {});`],
      ['bench/x.test.ts', `t.only('x', async () => {});`],
      ['bench/x.test.ts', `t.test('x', { skip: true }, async () => {});`],
      ['bench/x.test.ts', `t.test('x', { todo: 'later' }, async () => {});`],
      ['bench/x.test.ts', `t.test('x', unlessMissing, async () => {});`],
      ['bench/x.test.ts', `t.test('x', { ...unlessMissing }, async () => {});`],
    ],
    good: [
      ['bench/x.test.ts', `t.test('x', async (t) => { db.skip(3); });`],
      ['bench/x.test.ts', `const LONG = { timeout: 9 }; t.test('x', LONG, whole);`],
      ['bench/x.test.ts', `t.test('x', whereFound('A', 'a'), async (t) => {});`],
    ],
  },
  {
    name: 'every test asserts something',
    check: testing.testsThatAssertNothing,
    bad: [
      ['bench/x.test.ts', `t.test('x', async () => { await run(); });`],
      ['bench/x.test.ts', `t.test('x', async (t) => { t.teardown(stop); t.pass('fine'); });`],
    ],
    good: [
      ['bench/x.test.ts', `t.test('x', async (t) => { t.equal(await run(), 3); });`],
      ['bench/x.test.ts', `t.test('x', (t) => suite(t, 'memory'));`],
      ['bench/x.test.ts', `t.test('x', async () => { fc.assert(property); });`],
    ],
  },
  {
    name: 'what tests need is ready before the first of them is declared',
    check: testing.awaitsBehindTests,
    bad: [
      ['bench/x.test.ts', `t.test('x', async () => {}); const y = await connect();`],
      ['bench/x.test.ts', `for (const z of zs) { const y = await connect(z); t.test('x', async () => {}); }`],
    ],
    good: [
      ['bench/x.test.ts', `const y = await connect(); t.test('x', async () => { await y.ask(); });`],
      ['bench/x.test.ts', `await t.test('x', async () => {}); await t.test('y', async () => {});`],
    ],
  },
  {
    name: 'a stream is decoded as a whole, never piece by piece',
    check: piecesAsText,
    bad: [
      ['bench/x.ts', `for await (const chunk of request) text += chunk;`],
      ['bench/x.ts', `child.stdout.on('data', (chunk) => { said += chunk.toString(); });`],
      ['bench/x.ts', `const keep = (chunk: Buffer) => log(chunk.toString()); stream.on('data', keep);`],
    ],
    good: [
      ['bench/x.ts', `stream.setEncoding('utf8').on('data', (text) => { said += text; });`],
      ['bench/x.ts', `for await (const chunk of request) chunks.push(chunk);`],
    ],
  },
];
