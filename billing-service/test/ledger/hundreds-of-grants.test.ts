/** Users with more live grants than a call reads of them. */
import fc from 'fast-check';
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { optional } from '../support/test-environment.js';
import { openTable, STARTS, TIERS } from './open-table.js';
import { play, type Script, type Step } from './play.js';
import { scriptOf } from './script.js';
import { type Wish, wish } from './wish.js';

const SEED = Number(optional('FC_SEED') ?? (Date.now() ^ (Math.random() * 2 ** 31)) | 0);
const DAY_MS = 86_400_000;
const GRANTS = 150;
const STEPS = 60;
const RUNS = { postgres: 3, pglite: 1 };

interface Given {
  amount: number;
  /** Several end at the same moment, many never. */
  days: number | null;
}

const given: fc.Arbitrary<Given[]> = fc.array(
  fc.record({
    amount: fc.integer({ min: 1, max: 4 }),
    days: fc.constantFrom(null, null, 1, 2, 3, 5, 40, 41, 80, 200),
  }),
  { minLength: GRANTS, maxLength: GRANTS, size: 'max' },
);
const wishes: fc.Arbitrary<Wish[]> = fc.array(wish, { minLength: STEPS, maxLength: STEPS, size: 'max' });

/** The first user of the run is given all of `grants`, one after the other; then the wishes have their turns. */
function scriptWith(run: string, startMs: number, grants: Given[], then: Wish[]): Script {
  const rest = scriptOf(run, startMs, then);
  const left = grants.map(({ amount, days }, i): Step => {
    const expiresAt = days === null ? null : startMs + days * DAY_MS;
    return {
      at: startMs + i,
      calls: [{ kind: 'grant', user: `${run}:0`, amount, source: 'promo', expiresAt }],
    };
  });
  return { startMs, next: (world) => left.shift() ?? rest.next(world) };
}

t.setTimeout(600_000);
t.comment(`FC_SEED=${SEED} repeats this run`);

for (const kind of ['postgres', 'pglite'] as const) {
  t.test(`${kind}: with hundreds of live grants every answer and account is the model’s`, async (t) => {
    const table = await openTable(t, await BOTH[kind](t), TIERS, new Map());
    let runs = 0;
    const property = fc.asyncProperty(
      fc.constantFrom(...STARTS),
      given,
      wishes,
      async (startMs, grants, then) => {
        await play(table, scriptWith(`many${++runs};`, startMs, grants, then));
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: RUNS[kind], endOnFailure: true });
    t.ok(runs >= RUNS[kind]);
  });
}
