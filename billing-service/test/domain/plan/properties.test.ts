import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optional } from '../../support/test-environment.js';
import type { Life } from './life.js';
import { countPieces, DAY } from './model.js';
import { play, type Watch } from './play.js';
import { START_DAYS, type Step, step } from './steps.js';

const SEED = Number(optional('FC_SEED') ?? (Date.now() ^ (Math.random() * 2 ** 31)) | 0);
const STEPS = 30;
t.setTimeout(300_000);
t.comment(`FC_SEED=${SEED} repeats this run`);

/** Every start day of two years once, each with a history of its own. Returns how many operations that were. */
function everyDay(check: (startMs: number, steps: Step[]) => void): number {
  const histories = fc.array(step, { minLength: STEPS, maxLength: STEPS, size: 'max' });
  let day = 0;
  const property = fc.property(histories, (steps) => {
    check(START_DAYS[day++ % START_DAYS.length] as number, steps);
  });
  fc.assert(property, { seed: SEED, numRuns: START_DAYS.length, endOnFailure: true });
  return START_DAYS.length * STEPS;
}

t.test('every piece, every end and every forecast is the model’s, after every operation', async (t) => {
  const operations = everyDay((startMs, steps) => {
    play(startMs, steps, { model: true });
  });
  t.ok(operations >= 20_000, `${operations} operations`);
});

const endOfAll = (life: Life): number => life.forecast().at(-1)?.until ?? life.now;

/** Of every purchase: the end of its last piece, and whether that piece has begun already. */
function endsOf(life: Life) {
  const ends = new Map<string, { until: number; hasBegun: boolean }>();
  for (const [i, { payment, until, pieces }] of life.forecast().entries())
    ends.set(payment?.paymentId ?? 'by hand', { until, hasBegun: pieces === (i === 0 ? 1 : 0) });
  return ends;
}

const NOTHING_IS_LOST: Watch = {
  paid(life, act) {
    const before = { tier: life.plan.tier, until: life.paidUntil(), end: endOfAll(life), ends: endsOf(life) };
    const left = life.piecesLeft();
    const told = life.told.length;
    act();
    const held = life.told.length > told && life.told.at(-1)?.base === null;
    const bought = life.piecesLeft() - left;
    assert.ok(held ? bought === 0 : bought >= 1, 'a payment bought nothing');
    if (life.plan.tier === before.tier && before.until !== null) {
      assert.ok((life.paidUntil() ?? 0) >= before.until, 'a payment moved paidUntil back');
    }
    assert.ok(endOfAll(life) >= before.end, 'a payment moved the end of all paid time back');
    const ends = endsOf(life);
    for (const [purchase, { until, hasBegun }] of before.ends) {
      // The rest of a piece may pass beneath what was bought (rule 4). Pieces that waited wait, and end no earlier.
      const moved = (ends.get(purchase)?.until ?? 0) < until;
      assert.ok(!moved || hasBegun, `a payment moved the end of ${purchase} back`);
    }
  },
};

t.test('1. no payment moves any paidUntil back, and none buys nothing', async (t) => {
  const operations = everyDay((startMs, steps) => {
    play(startMs, steps, NOTHING_IS_LOST);
  });
  t.ok(operations >= 20_000, `${operations} operations`);
});

t.test('3. months granted = pieces begun ≤ pieces paid for; no piece grants twice', async (t) => {
  const operations = everyDay((startMs, steps) => {
    const isGift = (one: Step) => one.do === 'hand' && one.tier === 'gift';
    const { life, payments } = play(
      startMs,
      steps.filter((one) => !isGift(one)),
    );
    life.now += 20_000 * DAY;
    life.settle();
    assert.equal(new Set(life.grants.map(({ tenure }) => tenure)).size, life.grants.length);
    for (const { paymentId, months, refunded } of payments) {
      const told = life.told.find((one) => one.paymentId === paymentId);
      if (told?.base === null) continue;
      const begun = life.grants.filter((grant) => grant.payment === paymentId);
      const lengthMs = told && (told.until <= told.base ? 30 * DAY : told.until - told.base);
      const paidFor = lengthMs === undefined ? months : countPieces(lengthMs, begun[0]?.from ?? 0);
      assert.ok(refunded ? begun.length <= (paidFor ?? 0) : begun.length === paidFor, paymentId);
    }
  });
  t.ok(operations >= 20_000, `${operations} operations`);
});

t.test('4. after the refund of everything: gift, and nothing waits', async (t) => {
  const operations = everyDay((startMs, steps) => {
    const paid = steps.filter((one) => one.do !== 'hand');
    const { life, payments } = play(startMs, paid);
    for (const payment of payments) life.refund(payment);
    assert.equal(life.plan.tier, 'gift');
    assert.deepEqual(life.plan.purchases, []);
  });
  t.ok(operations >= 20_000, `${operations} operations`);
});

t.test('5. the answer is the same whether a sweeper ran in between or nobody did', async (t) => {
  const sweeping: Watch = {
    settle(life, from) {
      const to = life.now;
      for (life.now = from; life.now < to; life.now = Math.min(to, life.now + 9 * DAY + 1)) life.settle();
      life.now = to;
    },
  };
  const operations = everyDay((startMs, steps) => {
    const [swept, alone] = [play(startMs, steps, sweeping), play(startMs, steps)];
    assert.deepEqual(swept.life, alone.life);
  });
  t.ok(operations >= 20_000, `${operations} operations`);
});
