/** Properties 2 and 6: the order of purchases, and grace. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optional } from '../../support/test-environment.js';
import { Life } from './life.js';
import { DAY } from './model.js';
import { PAID, START_DAYS, TIERS, tierOf } from './steps.js';

const SEED = Number(optional('FC_SEED') ?? (Date.now() ^ (Math.random() * 2 ** 31)) | 0);
t.setTimeout(300_000);
t.comment(`FC_SEED=${SEED} repeats this run`);

interface Wish {
  tier: string;
  /** Months, or as many times thirty days. */
  months: number;
  length: boolean;
  now: boolean;
  /** Days since the purchase before it. */
  after: number;
}
const wish: fc.Arbitrary<Wish> = fc.record({
  tier: fc.constantFrom(...PAID),
  months: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(12)),
  length: fc.boolean(),
  now: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
  after: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50 })),
});
const wishes = fc.array(wish, { minLength: 14, maxLength: 14 });

const noGrace = (id: string) => ({ ...tierOf(id), graceSeconds: 0 });
const allEqual = (id: string) => ({ ...noGrace(id), position: id === 'gift' ? 0 : 1 });

/** Buys `order` at the moments of `bought`, lives to the end of it all, and sums up. */
function lived(startMs: number, bought: Wish[], order: Wish[], tiers: Life['tierOf']) {
  const life = new Life(startMs, tiers);
  order.forEach(({ tier, months, length, now }, i) => {
    life.now += (bought[i]?.after ?? 0) * DAY;
    life.settle();
    const payment = {
      provider: `shop${bought.indexOf(order[i] as Wish)}`,
      paymentId: `${bought.indexOf(order[i] as Wish)}`,
    };
    if (length) life.buyUntil(payment, tier, life.now + months * 30 * DAY);
    else life.buy({ tier, payment, months }, now ? 'now' : 'after');
  });
  life.now += 20_000 * DAY;
  life.settle();
  const pieces = bought.map((_, i) => life.grants.filter((grant) => grant.payment === `${i}`).length);
  const granted = life.grants.reduce((sum, { from, until }) => sum + until - from, 0);
  const paid = life.tiers.reduce((sum, { tier, since }, i) => {
    const until = life.tiers[i + 1]?.since ?? life.now;
    return tier === 'gift' ? sum : sum + until - since;
  }, 0);
  return { pieces, granted, paid, interrupted: life.interruptedMs };
}

t.test('2. how many pieces begin does not depend on the order of purchases', async (t) => {
  let operations = 0;
  let day = 0;
  const property = fc.property(
    wishes,
    fc.array(fc.nat(), { minLength: 14, maxLength: 14 }),
    (bought, keys) => {
      const startMs = START_DAYS[day++ % START_DAYS.length] as number;
      const shuffled = bought.map((one, i) => ({ one, key: keys[i] as number }));
      const order = shuffled.sort((a, b) => a.key - b.key).map(({ one }) => one);
      for (const [tiers, isEqual] of [
        [noGrace, false],
        [allEqual, true],
      ] as const) {
        const waiting = (all: Wish[]) => (isEqual ? all.map((one) => ({ ...one, now: false })) : all);
        const plain = waiting(bought);
        const mixed = order.map((one) => plain[bought.indexOf(one)] as Wish);
        const [first, second] = [lived(startMs, plain, plain, tiers), lived(startMs, plain, mixed, tiers)];
        assert.deepEqual(
          first.pieces,
          plain.map(({ months }) => months),
          'pieces begun are not what was paid for',
        );
        assert.deepEqual(second.pieces, first.pieces, 'the order of purchases matters');
        for (const { granted, paid, interrupted } of [first, second]) {
          assert.ok(
            paid <= granted && paid >= granted - interrupted,
            'more was lost than the rest of interrupted pieces',
          );
          if (isEqual) assert.equal(interrupted, 0);
        }
        operations += 2 * bought.length;
      }
    },
  );
  fc.assert(property, { seed: SEED, numRuns: START_DAYS.length, endOnFailure: true });
  t.ok(operations >= 20_000, `${operations} operations`);
});

t.test('6. a payment for a tier within its grace: no gift in between', async (t) => {
  const graceful = fc.constantFrom('professional', 'business');
  const times = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), wish), {
    minLength: 30,
    maxLength: 30,
  });
  let operations = 0;
  let day = 0;
  const property = fc.property(graceful, times, (tier, bought) => {
    const life = new Life(START_DAYS[day++ % START_DAYS.length] as number);
    for (const [i, [part, { months, length }]] of bought.entries()) {
      const end = life.paidUntil();
      const graceMs = (TIERS[tier]?.graceSeconds ?? 0) * 1000;
      if (end !== null) life.now = end + Math.floor(part * (graceMs - 1));
      life.settle();
      assert.equal(life.plan.tier, i === 0 ? 'gift' : tier, 'gift within grace');
      const began = life.grants.length;
      if (length) life.buyUntil({ provider: 'stars', paymentId: `${i}` }, tier, life.now + months * 30 * DAY);
      else life.buy({ tier, payment: { provider: 'card', paymentId: `${i}` }, months });
      assert.equal(life.grants.length, began + 1, 'a new piece begins');
      operations += 1;
    }
    assert.equal(life.tiers.length, 2);
    life.now = (life.paidUntil() ?? 0) + (TIERS[tier]?.graceSeconds ?? 0) * 1000 - 1;
    life.settle();
    assert.equal(life.plan.tier, tier);
    life.now += 1;
    life.settle();
    assert.equal(life.plan.tier, 'gift', 'grace ends');
  });
  fc.assert(property, { seed: SEED, numRuns: START_DAYS.length, endOnFailure: true });
  t.ok(operations >= 20_000, `${operations} operations`);
});
