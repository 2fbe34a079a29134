import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { freshPglite, freshPostgres } from '../support/databases.js';
import { optional } from '../support/test-environment.js';
import { OPEN_TIERS, openTable, STARTS, TIERS } from './open-table.js';
import { play, settledView, type Table } from './play.js';
import { scriptAgain, scriptOf } from './script.js';
import { wish } from './wish.js';

const SEED = Number(optional('FC_SEED') ?? (Date.now() ^ (Math.random() * 2 ** 31)) | 0);
const STEPS = 100;
/** More than 1 explores longer than every run of the tests can afford. */
const SCALE = Number(optional('FC_SCALE') ?? 1);

let runs = 0;
async function explore(table: Table, seed: number, numRuns: number, kind: 'once' | 'twice'): Promise<number> {
  let operations = 0;
  const start = fc.constantFrom(...STARTS);
  const wishes = fc.array(wish, { minLength: STEPS, maxLength: STEPS, size: 'max' });
  const property = fc.asyncProperty(start, wishes, async (startMs, steps) => {
    const name = `run${++runs};`;
    if (kind === 'once') {
      operations += (await play(table, scriptOf(name, startMs, steps))).operations;
      return;
    }
    // Calls at the same moment may be served in any order, so here they come one after the other.
    const apart = steps.flatMap((step) => (step.do === 'together' ? step.wishes : [step]));
    const one = await play(table, scriptOf(name, startMs, apart));
    const two = await play(table, scriptAgain(startMs, one.steps, name, `again${name}`), true);
    operations += one.operations + two.operations;
    const plain = (value: unknown) => JSON.stringify(value).replaceAll(`again${name}`, name);
    assert.equal(plain(two.answers), plain(one.answers), 'an answer depends on the sweeper');
    assert.equal(
      plain(settledView(two.world)),
      plain(settledView(one.world)),
      'a balance depends on the sweeper',
    );
  });
  await fc.assert(property, { seed, numRuns, endOnFailure: optional('FC_SHRINK') === undefined });
  return operations;
}

t.setTimeout(600_000);
t.comment(`FC_SEED=${SEED} repeats this run`);

t.test('on Postgres every answer and every account is the model’s, after every operation', async (t) => {
  const seen: Table['seen'] = new Map();
  // Some read one or two live grants at a time where all others read a hundred.
  const lanes = [
    { tiers: TIERS, numRuns: 36, kind: 'once' as const },
    { tiers: OPEN_TIERS, numRuns: 36, kind: 'once' as const, grantsRead: 1 },
    { tiers: TIERS, numRuns: 15, kind: 'twice' as const, grantsRead: 2 },
    { tiers: OPEN_TIERS, numRuns: 13, kind: 'twice' as const },
  ];
  const counts = await Promise.all(
    lanes.map(async ({ tiers, numRuns, kind, grantsRead }, i) => {
      const table = await openTable(t, await freshPostgres(t), tiers, seen, grantsRead);
      return explore(table, SEED + i, Math.ceil(numRuns * SCALE), kind);
    }),
  );
  const operations = counts.reduce((a, b) => a + b, 0);
  t.comment(`${operations} operations: ${JSON.stringify(Object.fromEntries([...seen].sort()), null, 1)}`);
  t.ok(operations >= 20_000 * SCALE, `${operations} operations`);
});

t.test('on PGlite too', async (t) => {
  const table = await openTable(t, await freshPglite(t), TIERS, new Map());
  t.ok(await explore(table, SEED + 100, Math.ceil(3 * SCALE), 'once'));
});
