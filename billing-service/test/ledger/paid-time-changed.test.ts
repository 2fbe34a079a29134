/** The rows of docs/paid-time.md: refunded, by hand, grace. */
import t from 'tap';
import { DAY_MS, HOUR_MS, iso, months, noon, rulesOf, START } from './rule.js';

const rule = rulesOf(t);
const APRIL = noon('2027-04-10');

t.setTimeout(240_000);
rule(
  'An upgrade refunded: the lower tier again, until its own end and without another grant',
  async (t, a) => {
    const { ok, clock, pay, refundPayment, read } = a;
    await ok(pay('lower', months('professional', 1)));
    clock.nowMs += DAY_MS;
    await ok(pay('higher', months('business', 1)));
    t.match(await ok(refundPayment('higher')), { revoked: 10_000, spent: 0, tier: 'professional' });
    t.match(await ok(read), { total: 2000, renewsAt: APRIL, paidUntil: APRIL });
  },
);

rule('The running purchase refunded: the next begins now', async (t, account) => {
  const { ok, clock, pay, refundPayment, read } = account;
  await ok(pay('running', months('professional', 3)));
  await ok(pay('next', months('professional', 1)));
  clock.nowMs += DAY_MS;
  t.match(await ok(refundPayment('running')), { revoked: 2000, tier: 'professional' });
  t.match(await ok(read), { total: 2000, renewsAt: APRIL + DAY_MS, paidUntil: APRIL + DAY_MS });
});

rule('A purchase that waits refunded: nothing else changes', async (t, account) => {
  const { ok, pay, refundPayment, read } = account;
  await ok(pay('stays', months('professional', 1)));
  await ok(pay('goes', months('professional', 1)));
  t.match(await ok(refundPayment('goes')), { revoked: 0, spent: 0, tier: 'professional' });
  t.match(await ok(read), { total: 2000, paidUntil: APRIL, upcoming: [] });
});

rule('Held tokens of a refunded payment: taken back as soon as nothing holds them', async (t, account) => {
  const { ok, clock, pay, refundPayment, hold, refund, commit, give, read } = account;
  await ok(pay('pack', { tokens: 100 }));
  await ok(hold('back', 30));
  await ok(hold('spent', 20));
  await ok(hold('late', 10));
  t.match(await ok(refundPayment('pack')), { revoked: 40, spent: 0 });
  t.match(await ok(read), { total: 60, available: 0 });
  t.match(await ok(refund('back')), { refunded: 30, balance: { total: 30, available: 0 } });
  t.match(await ok(commit('spent', 15)), { amount: 15, balance: { total: 10, available: 0 } });
  t.match(await ok(give(3)), { balance: { total: 10, available: 0 } }, 'what else there is bears the hold');
  clock.nowMs += HOUR_MS;
  t.match(await ok(read), { total: 3, available: 3, spent: 15 }, 'the hold that ended frees nothing');
});

rule(
  'A payment whose time another one’s length held: its own when that one is refunded',
  async (t, account) => {
    const { ok, pay, refundPayment, read } = account;
    const until = (days: number) => ({ tier: 'professional', until: iso(START + days * DAY_MS) });
    await ok(pay('holds', until(60)));
    await ok(pay('held', until(30)));
    t.match(await ok(refundPayment('holds')), { revoked: 2000, tier: 'professional' });
    t.match(await ok(read), { total: 2000, paidUntil: START + 30 * DAY_MS });
  },
);

rule('A payment told again at a refund: no gift for a moment in between', async (t, account) => {
  const { ok, pay, join, refundPayment, read } = account;
  const until = (days: number) => ({ tier: 'professional', until: iso(START + days * DAY_MS) });
  await ok(pay('whose length holds', until(60)));
  await ok(pay('whose time is held', until(30)));
  await ok(join());
  t.match(await ok(refundPayment('whose length holds')), { revoked: 2000, tier: 'professional' });
  t.match(await ok(read), { total: 2000, tier: 'professional' }, 'no month of gift was granted');
});

rule('A trial of a higher tier: what was paid for goes on after it', async (t, account) => {
  const { ok, clock, pay, tier, read } = account;
  await ok(pay('year', months('professional', 12)));
  t.match(await ok(tier('business')), {
    ...{ tier: 'business', paidUntil: APRIL, balance: { total: 12_000 } },
    upcoming: [{ tier: 'professional', from: APRIL, until: noon('2028-03-10') }],
  });
  clock.nowMs = APRIL;
  t.match(await ok(read), { tier: 'professional', total: 2000, paidUntil: noon('2028-03-10') });
});

rule('A lower tier by hand: at once, and what was paid for goes on after it', async (t, account) => {
  const { ok, clock, pay, tier, read } = account;
  await ok(pay('paid high', months('business', 2)));
  clock.nowMs += DAY_MS;
  t.match(await ok(tier('professional')), { tier: 'professional', paidUntil: APRIL + DAY_MS });
  clock.nowMs = APRIL + DAY_MS;
  t.match(await ok(read), { tier: 'business', total: 10_000, paidUntil: noon('2027-05-11') });
});

rule('The present tier by hand: months by hand are added or dropped, paid ones never', async (t, account) => {
  const { ok, pay, tier, refundPayment, read } = account;
  await ok(pay('two', months('professional', 2)));
  t.match(await ok(tier('professional', 4)), { paidUntil: noon('2027-07-10') });
  t.match(await ok(tier('professional', 3)), { paidUntil: noon('2027-06-10') });
  t.match(
    await ok(tier('professional', 1)),
    { paidUntil: noon('2027-05-10') },
    'a goodwill month shortens nothing',
  );
  await ok(tier('professional', 3));
  t.match(await ok(refundPayment('two')), { tier: 'professional' });
  t.match(await ok(read), { paidUntil: APRIL, upcoming: [] }, 'the month by hand');
});

rule('Another PUT: it replaces what was left by hand', async (t, account) => {
  const { ok, tier } = account;
  await ok(tier('business', 12));
  t.match(await ok(tier('professional', 2)), {
    tier: 'professional',
    paidUntil: noon('2027-05-10'),
    upcoming: [],
  });
});

rule('Gift by hand: all paid time is dropped', async (t, account) => {
  const { ok, pay, tier } = account;
  await ok(pay('dropped', months('professional', 12)));
  t.match(await ok(tier('gift')), { tier: 'gift', paidUntil: null, upcoming: [], balance: { total: 2000 } });
});

rule('Grace: the tier stays without tokens, then gift', async (t, account) => {
  const { ok, clock, pay, read } = account;
  await ok(pay('patient', months('patient', 1)));
  clock.nowMs = APRIL;
  t.match(await ok(read), { tier: 'patient', total: 0, paidUntil: APRIL, renewsAt: APRIL + 3 * DAY_MS });
  clock.nowMs += 3 * DAY_MS - 1;
  t.match(await ok(read), { tier: 'patient', total: 0 });
  clock.nowMs += 1;
  t.match(await ok(read), { tier: 'gift', paidUntil: null });
});

rule('A payment within the grace: a new piece, no gift in between', async (t, account) => {
  const { ok, clock, pay, join, read } = account;
  await ok(join());
  await ok(pay('before', months('patient', 1)));
  clock.nowMs = APRIL + DAY_MS;
  const paidUntil = noon('2027-05-11');
  t.match(await ok(pay('in time', months('patient', 1))), { granted: 60, tier: 'patient', paidUntil });
  t.match(await ok(read), { total: 60, renewsAt: paidUntil });
});
