/** The rows of docs/paid-time.md: bought again, upgraded, downgraded, by subscription, told late. */
import t from 'tap';
import { DAY_MS, HOUR_MS, iso, months, noon, rulesOf, START } from './rule.js';

const rule = rulesOf(t);
const APRIL = noon('2027-04-10');

t.setTimeout(240_000);
rule('The present tier again: it waits, and its months count from one anchor', async (t, account) => {
  const { ok, clock, pay, read } = account;
  clock.nowMs = noon('2028-01-31');
  await ok(pay('again 1', months('professional', 1)));
  t.match(await ok(pay('again 2', months('professional', 1))), {
    ...{ granted: 0, periodEnd: noon('2028-02-29'), paidUntil: noon('2028-03-31') },
    upcoming: [{ from: noon('2028-02-29'), until: noon('2028-03-31'), payment: { paymentId: 'again 2' } }],
  });
  clock.nowMs = noon('2028-02-29');
  t.match(await ok(read), { total: 2000, renewsAt: noon('2028-03-31'), upcoming: [] });
});

rule(
  'The present tier again with `start: "now"`: tokens at once, the rest of the month beneath',
  async (t, a) => {
    const { ok, clock, pay, read } = a;
    await ok(pay('now 1', months('professional', 2)));
    clock.nowMs += 10 * DAY_MS;
    const now = { ...months('professional', 1), start: 'now' as const };
    t.match(await ok(pay('now 2', now)), { granted: 2000, periodEnd: noon('2027-04-20') });
    t.match(await ok(read), { total: 4000, paidUntil: noon('2027-05-20') });
    clock.nowMs = noon('2027-04-20');
    t.match(
      await ok(read),
      { total: 2000, renewsAt: noon('2027-05-20') },
      'the month that was interrupted is over',
    );
  },
);

rule('Another plan of equal position: it waits behind eleven prepaid months', async (t, account) => {
  const { ok, pay } = account;
  await ok(pay('equal 1', months('professional', 12)));
  t.match(await ok(pay('equal 2', months('plus', 1))), {
    ...{ granted: 0, tier: 'professional', paidUntil: noon('2028-03-10') },
    upcoming: [{ tier: 'plus', from: noon('2028-03-10'), until: noon('2028-04-10') }],
  });
});

rule('An upgrade with eleven prepaid months: they go on when the higher tier is over', async (t, account) => {
  const { ok, clock, pay, read } = account;
  await ok(pay('prepaid', months('professional', 12)));
  clock.nowMs += 5 * DAY_MS;
  t.match(await ok(pay('upgrade', months('business', 1))), {
    ...{ granted: 10_000, tier: 'business', paidUntil: noon('2027-04-15') },
    upcoming: [{ tier: 'professional', from: noon('2027-04-15'), until: noon('2028-03-15') }],
  });
  clock.nowMs = noon('2027-04-15');
  t.match(await ok(read), { tier: 'professional', total: 2000, paidUntil: noon('2028-03-15') });
});

rule('A lower tier bought: it waits until the higher one is over', async (t, account) => {
  const { ok, clock, pay, read } = account;
  await ok(pay('high', months('business', 1)));
  t.match(await ok(pay('low', months('professional', 1))), {
    granted: 0,
    tier: 'business',
    paidUntil: APRIL,
  });
  clock.nowMs = APRIL;
  t.match(await ok(read), { tier: 'professional', total: 2000 });
});

rule(
  'A lower tier bought with `start: "now"`: it begins at once, the higher one goes on after it',
  async (t, a) => {
    const { ok, clock, pay, read } = a;
    await ok(pay('high first', months('business', 2)));
    clock.nowMs += DAY_MS;
    const now = { ...months('professional', 1), start: 'now' as const };
    t.match(await ok(pay('low now', now)), { granted: 2000, tier: 'professional' });
    clock.nowMs = APRIL + DAY_MS;
    t.match(await ok(read), { tier: 'business', total: 10_000, paidUntil: noon('2027-05-11') });
  },
);

rule('A subscription of 30 days an hour after a card month: it waits whole', async (t, account) => {
  const { ok, clock, pay } = account;
  await ok(pay('card', months('professional', 1)));
  clock.nowMs += HOUR_MS;
  const until = iso(clock.nowMs + 30 * DAY_MS);
  t.match(await ok(pay('stars', { tier: 'professional', until })), {
    ...{ granted: 0, paidUntil: APRIL + 30 * DAY_MS },
    upcoming: [{ from: APRIL, until: APRIL + 30 * DAY_MS, payment: { paymentId: 'stars' } }],
  });
});

rule('Renewals told early: each counts from the end of the one before', async (t, account) => {
  const { ok, clock, pay, read } = account;
  for (const i of [1, 2, 3]) {
    clock.nowMs = START + Math.max(0, (i - 1) * 30 * DAY_MS - HOUR_MS);
    const until = iso(START + i * 30 * DAY_MS);
    t.match(await ok(pay(`renewal ${i}`, { tier: 'professional', until })), { paidUntil: Date.parse(until) });
  }
  t.match(await ok(read), { upcoming: [{ from: START + 60 * DAY_MS, until: START + 90 * DAY_MS }] });
});

rule('Three renewals told during a higher tier: three months after it', async (t, account) => {
  const { ok, clock, pay, read } = account;
  await ok(pay('over', months('business', 6)));
  for (const i of [1, 2, 3]) {
    clock.nowMs = START + (i - 1) * 30 * DAY_MS;
    await ok(pay(`beneath ${i}`, { tier: 'professional', until: iso(START + i * 30 * DAY_MS) }));
  }
  const end = noon('2027-09-10');
  const each = [0, 1, 2].map((i) => ({ from: end + i * 30 * DAY_MS, until: end + (i + 1) * 30 * DAY_MS }));
  t.match(await ok(read), { tier: 'business', upcoming: each });
});

rule('A payment told after its own end: one piece of 30 days', async (t, account) => {
  const { ok, pay } = account;
  const until = iso(START - 40 * DAY_MS);
  const late = await ok(pay('late', { tier: 'professional', until }));
  t.match(late, { granted: 2000, periodEnd: START + 30 * DAY_MS, paidUntil: START + 30 * DAY_MS });
});

rule('News in the wrong order: the later one’s length holds the earlier one’s time', async (t, account) => {
  const { ok, pay } = account;
  const paidUntil = START + 60 * DAY_MS;
  await ok(pay('second', { tier: 'professional', until: iso(paidUntil) }));
  const first = { tier: 'professional', until: iso(START + 30 * DAY_MS) };
  t.match(await ok(pay('first', first)), { granted: 0, paidUntil, upcoming: [] });
  const after = { tier: 'professional', until: iso(START + 90 * DAY_MS) };
  t.match(await ok(pay('third', after)), { granted: 0, paidUntil: START + 90 * DAY_MS });
});
