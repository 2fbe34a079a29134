/** What a hot statement must notice: each condition of hot/reserve.sql and hot/transition.sql by itself. */
import t from 'tap';
import { HOUR_MS, rulesOf, START } from './rule.js';

const rule = rulesOf(t);
const insufficient = (available: number) => ({ refusal: { kind: 'insufficient_tokens', available } });

rule('a reserve never holds tokens that have expired', async (t, { ok, call, clock, give, hold }) => {
  await ok(give(10, 1));
  clock.nowMs = START + HOUR_MS;
  t.match(await call(hold('a', 5)), insufficient(0));
});

rule('a reserve finds free what an ended hold had', async (t, { ok, clock, give, hold }) => {
  await ok(give(10));
  await ok(hold('a', 4, 1));
  clock.nowMs = START + HOUR_MS;
  t.match(await ok(hold('b', 6)), { balance: { available: 4, reserved: 6, total: 10 } });
});

rule('no reserve passes the cap on open reservations', async (t, { call, ok, give, hold, tier }) => {
  await ok(give(100));
  await ok(tier('capped'));
  await ok(hold('a', 5));
  const answers = await Promise.all(['b', 'c', 'd'].map((label) => call(hold(label, 5))));
  t.equal(answers.filter((answer) => answer.ok).length, 1, 'one of the three, next to the one that is open');
  t.match(await call(hold('e', 5)), {
    refusal: { kind: 'too_many_open_reservations', maxOpenReservations: 2 },
  });
});

rule('no reserve holds more than is available', async (t, { call, ok, give, hold }) => {
  await ok(give(10));
  t.match(await call(hold('a', 11)), insufficient(10));
  const answers = await Promise.all(['b', 'c', 'd'].map((label) => call(hold(label, 4))));
  t.strictSame(
    answers.map((answer) => answer.ok),
    [true, true, false],
  );
});

rule('a commit leaves to other holds what they hold', async (t, { ok, give, hold, commit }) => {
  await ok(give(10));
  await ok(hold('a', 5));
  await ok(hold('b', 5));
  t.match(await ok(commit('a', 8)), { amount: 5, uncollected: 3, balance: { total: 5, reserved: 5 } });
});

rule('a commit beyond the front grant is borne by the next', async (t, { ok, give, hold, commit, read }) => {
  await ok(give(4, 1));
  await ok(give(10, 2));
  await ok(hold('a', 9));
  t.match(await ok(commit('a')), { amount: 9, uncollected: 0 });
  t.match(await ok(read), { total: 5, spent: 9, grants: [{ remaining: 5 }] });
});

rule('a commit tells a balance without tokens that expired', async (t, { ok, clock, give, hold, commit }) => {
  await ok(give(10, 1));
  await ok(give(20));
  await ok(hold('a', 6, 2));
  clock.nowMs = START + HOUR_MS;
  t.match(await ok(commit('a')), { balance: { available: 20, reserved: 0, total: 20 } });
});

rule('a commit tells a balance without holds that ended', async (t, { ok, clock, give, hold, commit }) => {
  await ok(give(20));
  await ok(hold('a', 6, 1));
  await ok(hold('b', 6, 2));
  clock.nowMs = START + HOUR_MS;
  t.match(await ok(commit('b')), { balance: { available: 14, reserved: 0, total: 14 } });
});
