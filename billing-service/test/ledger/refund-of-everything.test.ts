/** Property 4 of paid time with its tokens: after the refund of everything nothing of any payment is left. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optional } from '../support/test-environment.js';
import { type Account, DAY_MS, HOUR_MS, iso, rulesOf } from './rule.js';

const SEED = Number(optional('FC_SEED') ?? (Date.now() ^ (Math.random() * 2 ** 31)) | 0);
const rule = rulesOf(t);

const tier = fc.constantFrom('plus', 'professional', 'business', 'patient');
const which = fc.nat(5);
const step = fc.oneof(
  fc.record({ do: fc.constant('months' as const), tier, n: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('until' as const), tier, n: fc.integer({ min: 1, max: 70 }) }),
  fc.record({ do: fc.constant('tokens' as const), n: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ do: fc.constant('give' as const), n: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ do: fc.constant('hold' as const), n: fc.integer({ min: 0, max: 900 }) }),
  fc.record({ do: fc.constantFrom('commit' as const, 'return' as const, 'refund' as const), which }),
  fc.record({ do: fc.constant('wait' as const), n: fc.integer({ min: 1, max: 40 * 24 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One step; a call that is refused (no tokens, no such hold) is one that happened, too. */
async function take(it: Step, i: number, a: Account, done: { holds: string[]; payments: string[] }) {
  const { holds, payments } = done;
  const pay = (product: Parameters<Account['pay']>[1]) => {
    payments.push(`all ${i}`);
    return a.ok(a.pay(`all ${i}`, product));
  };
  if (it.do === 'wait') a.clock.nowMs += it.n * HOUR_MS;
  else if (it.do === 'months') await pay({ tier: it.tier, months: it.n });
  else if (it.do === 'until') await pay({ tier: it.tier, until: iso(a.clock.nowMs + it.n * DAY_MS) });
  else if (it.do === 'tokens') await pay({ tokens: it.n });
  else if (it.do === 'give') await a.call(a.give(it.n));
  else if (it.do === 'hold') {
    if ((await a.call(a.hold(`h${i}`, it.n, 20))).ok) holds.push(`h${i}`);
  } else if (it.do === 'refund') {
    const payment = payments.at(-1 - it.which);
    if (payment) await a.call(a.refundPayment(payment));
  } else {
    const label = holds.at(-1 - it.which);
    if (label) await a.call(it.do === 'commit' ? a.commit(label) : a.refund(label));
  }
}

t.setTimeout(240_000);
t.comment(`FC_SEED=${SEED} repeats this run`);

const history = fc.array(step, { minLength: 40, maxLength: 40 });
for (const [i, steps] of fc.sample(history, { seed: SEED, numRuns: 8 }).entries()) {
  rule(`4. history ${i}: gift, nothing waits, and no token of any payment is left`, async (_, a) => {
    const done = { holds: [] as string[], payments: [] as string[] };
    for (const [n, it] of steps.entries()) await take(it, i * 100 + n, a, done);
    for (const payment of done.payments) await a.ok(a.refundPayment(payment));
    // Until the last hold has ended, it may keep tokens of them.
    a.clock.nowMs += 21 * HOUR_MS;
    const { tier, upcoming, paidUntil, grants } = await a.ok(a.read);
    assert.deepEqual({ tier, upcoming, paidUntil }, { tier: 'gift', upcoming: [], paidUntil: null });
    const sources = (grants as { source: string }[]).map(({ source }) => source);
    assert.deepEqual(
      sources.filter((source) => source === 'topup' || source === 'tier'),
      [],
      'what is left was given, or came back of what was given',
    );
  });
}
