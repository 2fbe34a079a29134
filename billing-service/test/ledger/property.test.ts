import assert from 'node:assert/strict';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { freshPglite, freshPostgres, type TestDatabase } from '../support/databases.js';
import { openFarebox, SetClock, setTier } from '../support/farebox.js';
import { optional } from '../support/test-environment.js';
import type { ModelTier } from './model-state.js';
import { play, settledView, type Table } from './play.js';
import { scriptAgain, scriptOf } from './script.js';
import { wish } from './wish.js';

const SEED = Number(optional('FC_SEED') ?? (Date.now() ^ (Math.random() * 2 ** 31)) | 0);
const STARTS = [
  '2027-01-31T10:15:00Z',
  '2027-11-30T23:59:59.999Z',
  '2028-01-29T00:00:00Z',
  '2026-03-10T08:00:00Z',
].map((text) => Date.parse(text));
const STEPS = 100;
/** More than 1 explores longer than every run of the tests can afford. */
const SCALE = Number(optional('FC_SCALE') ?? 1);

const TIERS: ModelTier[] = [
  {
    id: 'gift',
    position: 0,
    graceSeconds: 0,
    monthlyTokens: 100,
    overdraft: 0,
    maxOpenReservations: null,
    requiresChannel: true,
  },
  {
    id: 'starter',
    position: 1,
    graceSeconds: 0,
    monthlyTokens: 150,
    overdraft: 40,
    maxOpenReservations: 3,
    requiresChannel: false,
  },
  {
    id: 'professional',
    position: 2,
    graceSeconds: 259_200,
    monthlyTokens: 300,
    overdraft: 0,
    maxOpenReservations: null,
    requiresChannel: false,
  },
  {
    id: 'business',
    position: 3,
    graceSeconds: 0,
    monthlyTokens: 500,
    overdraft: 120,
    maxOpenReservations: null,
    requiresChannel: false,
  },
];
/** The same with gift for everybody, and a paid tier for members of the channel. */
const OPEN_TIERS = TIERS.map((tier) => ({
  ...tier,
  requiresChannel: tier.id === 'professional',
  overdraft: tier.overdraft + 15,
  position: Math.min(tier.position, 2),
}));

async function openTable(
  t: Test,
  store: TestDatabase,
  tiers: ModelTier[],
  seen: Table['seen'],
): Promise<Table> {
  const farebox = await openFarebox(t, store, new SetClock(STARTS[0] as number));
  for (const tier of tiers) await setTier(farebox, tier);
  return { farebox, tiers: new Map(tiers.map((tier) => [tier.id, tier])), seen };
}

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
  const lanes = [
    { tiers: TIERS, numRuns: 36, kind: 'once' as const },
    { tiers: OPEN_TIERS, numRuns: 36, kind: 'once' as const },
    { tiers: TIERS, numRuns: 15, kind: 'twice' as const },
    { tiers: OPEN_TIERS, numRuns: 13, kind: 'twice' as const },
  ];
  const counts = await Promise.all(
    lanes.map(async ({ tiers, numRuns, kind }, i) => {
      const table = await openTable(t, await freshPostgres(t), tiers, seen);
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
