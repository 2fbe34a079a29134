/** The rules of the account, one by one. */
import t from 'tap';
import { HOUR_MS, rulesOf, START } from './rule.js';

const rule = rulesOf(t);
t.setTimeout(240_000);
rule(
  'rule 7: held tokens outlive the end of their grant, and no others do',
  async (t, { ok, call, clock, give, hold, commit, read }) => {
    await ok(give(100, 2));
    await ok(hold('a', 30, 4));
    await ok(hold('b', 10, 6));
    clock.nowMs = START + 2 * HOUR_MS;
    t.match(await ok(read), { total: 40, available: 0, reserved: 40 });
    t.match(await ok(commit('a')), { amount: 30, uncollected: 0, balance: { total: 10, available: 0 } });
    t.match(await call(hold('c', 1)), { refusal: { kind: 'insufficient_tokens' } });
    clock.nowMs = START + 6 * HOUR_MS;
    t.match(await ok(read), { total: 0, reserved: 0, grants: [] }, 'kept until the last hold ends');
  },
);

rule(
  'rule 7: tokens ahead in burn order serve the holds first',
  async (t, { ok, clock, give, hold, read }) => {
    await ok(give(20, 2));
    await ok(give(20, 3));
    await ok(give(20));
    await ok(hold('a', 25, 24));
    clock.nowMs = START + 3 * HOUR_MS;
    t.match(
      await ok(read),
      { total: 45, available: 20 },
      '20 of the first, 5 of the second, the one without end',
    );
  },
);

rule(
  'rule 8: a late commit charges what is there and says so; where nothing is, it is refused',
  async (t, { ok, call, clock, give, hold, commit }) => {
    await ok(give(10));
    await ok(hold('a', 10));
    await ok(hold('none', 0));
    clock.nowMs += HOUR_MS;
    t.match(await ok(hold('b', 6)), { amount: 6 });
    t.match(await ok(commit('a')), { late: true, amount: 4, released: 6, uncollected: 6, reserved: 10 });
    t.match(await call(commit('none', 5)), { refusal: { kind: 'reservation_expired' } });
    t.match(await ok(commit('b', 9)), { late: false, amount: 6, uncollected: 3 }, 'within its hold in full');
  },
);

rule('rule 8: an overrun never takes what another hold has', async (t, { ok, give, hold, commit }) => {
  await ok(give(100));
  await ok(hold('a', 40));
  await ok(hold('b', 50));
  t.match(await ok(commit('a', 60)), {
    amount: 50,
    uncollected: 10,
    balance: { available: 0, reserved: 50 },
  });
  t.match(await ok(commit('b')), { amount: 50, uncollected: 0, late: false });
});

rule(
  'rules 8 and 9: the overdraft bears an overrun, no more, and every credit pays it first',
  async (t, { ok, call, give, hold, commit, tier, read }) => {
    await ok(tier('credit'));
    await ok(hold('a', 40));
    t.match(await ok(commit('a', 100)), { amount: 90, uncollected: 10, balance: { total: -50 } });
    t.match(
      await call(hold('zero', 0)),
      { refusal: { kind: 'insufficient_tokens' } },
      'rule 12: 0 while in debt',
    );
    t.match(await ok(give(70)), { balance: { total: 20 } });
    t.match(await ok(read), { debt: 0, grants: [{ source: 'promo', remaining: 20 }], spent: 90 });
  },
);

rule(
  'rule 10: a debt part lowers debt, and once that was paid comes back without end',
  async (t, { ok, give, hold, commit, refund, tier, read }) => {
    await ok(tier('credit'));
    await ok(hold('a', 40));
    await ok(commit('a', 70));
    t.match(await ok(refund('a', 10)), { refunded: 10, refundedTotal: 10, balance: { total: -20 } });
    await ok(give(20));
    t.match(await ok(refund('a', 15)), { refunded: 15, balance: { total: 15 } });
    t.match(await ok(read), {
      debt: 0,
      spent: 45,
      grants: [{ source: 'refund', remaining: 15, expiresAt: null }],
    });
    t.match(await ok(refund('a')), { refunded: 45, refundedTotal: 70, balance: { total: 60 } });
    t.match(await ok(refund('a')), { refunded: 0, refundedTotal: 70 });
  },
);

rule(
  'rule 10: what its grant can no longer take goes to one refund grant of this period',
  async (t, { ok, call, clock, give, hold, commit, refund, join, read }) => {
    await ok(join());
    await ok(give(10, 2));
    await ok(hold('a', 8));
    await ok(commit('a'));
    t.match(await ok(refund('a', 1)), { balance: { total: 103 } }, 'into its grant while that lives');
    clock.nowMs += 2 * HOUR_MS;
    await ok(refund('a', 2));
    t.match(await ok(refund('a', 3)), { balance: { total: 105 } });
    const { grants, renewsAt } = await ok(read);
    t.strictSame((grants as { source: string; remaining: number; expiresAt: number }[])[1], {
      ...{ source: 'refund', remaining: 5, expiresAt: renewsAt },
    });
    t.match(await call(refund('a', 4)), { refusal: { kind: 'refund_exceeds_commit', refundable: 2 } });
  },
);

rule(
  'rules 10 and 11: a refunded payment takes what is free, and its charges bring nothing back',
  async (t, { ok, hold, commit, refund, pay, read }) => {
    await ok(pay('rule 11', { tokens: 100 }));
    await ok(hold('spent', 30));
    await ok(commit('spent'));
    await ok(hold('held', 20));
    t.match(await ok({ kind: 'refundPayment', paymentId: 'rule 11' }), { revoked: 50, spent: 30 });
    t.match(await ok(read), { total: 20, available: 0, reserved: 20 }, 'held tokens stay held');
    t.match(await ok(refund('spent')), { refunded: 30, balance: { total: 20 } });
    t.match(await ok(commit('held')), { amount: 20, uncollected: 0, balance: { total: 0 } });
    t.match(await ok(read), { spent: 20 });
  },
);

rule(
  'rule 11: a negative adjustment takes what is available and never what is held',
  async (t, { ok, call, give, hold, read }) => {
    await ok(give(10));
    await ok(hold('a', 4));
    t.match(await call(give(-7)), { refusal: { kind: 'insufficient_tokens', cost: 7, available: 6 } });
    t.match(await ok(give(-6)), { balance: { available: 0, total: 4 } });
    t.match(await ok(read), { spent: 0 });
  },
);
