/** Tiers, their months and their payments, one rule a test. */
import t from 'tap';
import { HOUR_MS, rulesOf, START } from './rule.js';

const rule = rulesOf(t);
const APRIL = Date.parse('2027-04-10T12:00:00Z');
const MAY = Date.parse('2027-05-10T12:00:00Z');
const JUNE = Date.parse('2027-06-10T12:00:00Z');

t.setTimeout(240_000);
rule(
  'gift is given once a period, however often a user leaves and rejoins',
  async (t, { ok, clock, join, read }) => {
    t.match(await ok(read), { refusal: { kind: 'unknown_user' } });
    t.match(await ok(join(false)), { granted: 0, balance: { total: 0 } });
    t.match(await ok(read), { renewsAt: null });
    t.match(await ok(join()), { granted: 100, balance: { total: 100 } });
    clock.nowMs += HOUR_MS;
    await ok(join(false));
    t.match(await ok(join()), { granted: 0, balance: { total: 100 } });
    t.match(await ok(read), { renewsAt: APRIL }, 'rejoining keeps the anchor');
    await ok(join(false));
    clock.nowMs = APRIL;
    t.match(await ok(read), { total: 0, renewsAt: MAY }, 'nothing for those who are not in the channel');
    clock.nowMs += HOUR_MS;
    t.match(await ok(join()), { granted: 100 }, 'a period that had nothing yet');
  },
);

rule(
  'gift grants nothing while a gift grant is live, and that period counts as granted',
  async (t, account) => {
    const { ok, clock, join, tier, hold, commit, read } = account;
    await ok(join());
    await ok(hold('a', 100));
    await ok(commit('a'));
    clock.nowMs += HOUR_MS;
    await ok(tier('professional'));
    clock.nowMs += HOUR_MS;
    t.match(await ok(tier('gift')), { balance: { total: 2000 }, periodEnd: APRIL + 2 * HOUR_MS });
    clock.nowMs = APRIL + HOUR_MS;
    await ok(join(false));
    t.match(await ok(join()), { granted: 0 });
    t.match(await ok(read), { total: 0 }, 'both grants have ended');
    clock.nowMs = APRIL + 2 * HOUR_MS;
    t.match(await ok(read), { total: 100 }, 'the next period grants');
  },
);

rule('an upgrade begins at once and keeps what was granted until its own end', async (t, account) => {
  const { ok, clock, join, hold, commit, pay, read } = account;
  await ok(join());
  await ok(hold('a', 60));
  clock.nowMs += HOUR_MS / 2;
  const bought = await ok(pay('up', { tier: 'professional', months: 1 }));
  t.match(bought, { granted: 2000, tier: 'professional', paidUntil: APRIL + HOUR_MS / 2 });
  t.match(await ok(read), { available: 2040, reserved: 60, renewsAt: APRIL + HOUR_MS / 2 });
  t.match(await ok(commit('a')), { amount: 60, late: false });
  t.match(await ok(read), { grants: [{ remaining: 40, expiresAt: APRIL }, { remaining: 2000 }] });
  clock.nowMs = APRIL;
  t.match(await ok(read), { total: 2000 });
  clock.nowMs += HOUR_MS / 2;
  t.match(await ok(read), { tier: 'gift', total: 100, paidUntil: null }, 'lapses to gift, which is joined');
});

rule(
  'a lower tier that was bought waits for paidUntil; one that is set by hand does not',
  async (t, account) => {
    const { ok, clock, pay, tier, read } = account;
    await ok(pay('high', { tier: 'business', months: 1 }));
    clock.nowMs += HOUR_MS;
    t.match(await ok(pay('low', { tier: 'professional', months: 1 })), {
      ...{ granted: 0, tier: 'business', paidUntil: APRIL, balance: { total: 10_000 } },
    });
    clock.nowMs = APRIL;
    t.match(await ok(read), { tier: 'professional', total: 2000, paidUntil: MAY });
    t.match(await ok(tier('credit')), { tier: 'credit', balance: { total: 2040 }, paidUntil: MAY });
    clock.nowMs += 1;
    t.match(await ok(tier('professional', 3)), { tier: 'professional', periodEnd: MAY + 1 });
  },
);

rule('PUT of the present tier sets its end, counted from the current period', async (t, account) => {
  const { ok, clock, tier, read } = account;
  await ok(tier('professional'));
  clock.nowMs += HOUR_MS;
  t.match(await ok(tier('professional', 3)), { paidUntil: JUNE, periodEnd: APRIL, balance: { total: 2000 } });
  t.match(await ok(tier('professional', 1)), { paidUntil: APRIL, balance: { total: 2000 } });
  clock.nowMs = APRIL;
  t.match(await ok(read), { tier: 'gift', total: 0, renewsAt: null });
});

rule('30 days are one piece, and the tier ends with it, to the millisecond', async (t, account) => {
  const { ok, clock, pay, read } = account;
  const until = new Date(START + 30 * 24 * HOUR_MS).toISOString();
  t.match(await ok(pay('30 days', { tier: 'professional', until })), { paidUntil: Date.parse(until) });
  clock.nowMs = Date.parse(until) - 1;
  t.match(await ok(read), { tier: 'professional', total: 2000, renewsAt: Date.parse(until) });
  clock.nowMs += 1;
  t.match(await ok(read), { tier: 'gift', total: 0 });
});

rule('a refunded tier ends at once, after its free tokens were taken', async (t, account) => {
  const { ok, clock, join, pay, hold, commit, read } = account;
  await ok(join());
  clock.nowMs += HOUR_MS;
  await ok(pay('gone', { tier: 'professional', months: 2 }));
  await ok(hold('a', 300));
  await ok(commit('a'));
  await ok(hold('b', 50));
  const refunded = { kind: 'refundPayment', paymentId: 'gone' } as const;
  t.match(await ok(refunded), { revoked: 1750, spent: 200, tier: 'gift' });
  t.match(await ok(read), {
    total: 50,
    available: 0,
    reserved: 50,
    paidUntil: null,
    renewsAt: APRIL + HOUR_MS,
  });
  t.match(await ok(refunded), { revoked: 1750, spent: 200, tier: 'gift' }, 'once');
  t.match(await ok(commit('b')), { amount: 50, balance: { total: 0 } });
});

rule('months set by hand are not the payment’s: its refund takes nothing of them', async (t, account) => {
  const { ok, clock, pay, tier, read } = account;
  await ok(pay('used up', { tier: 'professional', months: 1 }));
  t.match(await ok(tier('professional', 3)), { paidUntil: JUNE });
  clock.nowMs = APRIL + HOUR_MS;
  t.match(await ok(read), { tier: 'professional', total: 2000 });
  const refunded = { kind: 'refundPayment', paymentId: 'used up' } as const;
  t.match(await ok(refunded), { revoked: 0, spent: 0, tier: 'professional' });
  t.match(await ok(read), { total: 2000, paidUntil: JUNE });
});
