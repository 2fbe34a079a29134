/** What a refund gives back stays usable while paid time is interrupted, taken up again, or in its grace. */
import t from 'tap';
import { HOUR_MS, rulesOf } from './rule.js';

const rule = rulesOf(t);
const noon = (day: string) => Date.parse(`${day}T12:00:00Z`);
const APRIL = noon('2027-04-10');
const MAY = noon('2027-05-10');

t.setTimeout(240_000);
rule('Tokens returned in the grace stay until it ends, also after others in the last piece', async (t, a) => {
  const { ok, clock, pay, hold, commit, refund, read } = a;
  await ok(pay('two months', { tier: 'patient', months: 2 }));
  await ok(hold('first', 10));
  await ok(commit('first'));
  clock.nowMs = APRIL + HOUR_MS;
  await ok(refund('first'));
  await ok(hold('second', 20));
  await ok(commit('second'));
  clock.nowMs = MAY + HOUR_MS;
  t.match(await ok(read), { tier: 'patient', total: 0 });
  t.match(await ok(refund('second')), { refunded: 20, balance: { total: 20, available: 20 } });
  t.match(await ok(read), { total: 20, available: 20 });
});

rule('A refund at the moment an interrupted piece is taken up again finds its refund grant', async (t, a) => {
  const { ok, clock, pay, hold, commit, refund } = a;
  await ok(pay('interrupted', { tier: 'professional', months: 2 }));
  await ok(hold('first', 10));
  await ok(commit('first'));
  await ok(hold('second', 20));
  await ok(commit('second'));
  clock.nowMs = APRIL + HOUR_MS;
  await ok(refund('first'));
  await ok(hold('all', 2010));
  await ok(commit('all'));
  await ok(pay('some days', { tier: 'business', until: new Date(APRIL + 48 * HOUR_MS).toISOString() }));
  clock.nowMs = APRIL + 72 * HOUR_MS;
  t.match(await ok(refund('second')), { refunded: 20, balance: { total: 20, available: 20 } });
});

rule('A month’s charge returned after that month is the payment’s, and goes with it', async (t, a) => {
  const { ok, clock, pay, hold, commit, refund, refundPayment, read } = a;
  await ok(pay('two months of it', { tier: 'professional', months: 2 }));
  await ok(hold('first', 10));
  await ok(commit('first'));
  clock.nowMs = APRIL + HOUR_MS;
  t.match(await ok(refund('first', 4)), { balance: { total: 2004 } });
  t.match(await ok(refund('first', 3)), { balance: { total: 2007 } }, 'into the same grant');
  await ok(hold('of what came back', 5));
  await ok(commit('of what came back'));
  // 4,000 given: 1,990 ended with March, 3 + 5 are spent.
  t.match(await ok(refundPayment('two months of it')), { revoked: 2002, spent: 8, tier: 'gift' });
  t.match(await ok(refund('of what came back')), { refunded: 5, balance: { total: 0 } });
  t.match(await ok(read), { tier: 'gift', total: 0, spent: 3 });
});

rule(
  'A charge of a month that is over, returned after the payment’s refund, gives nothing back',
  async (t, a) => {
    const { ok, clock, pay, hold, commit, refund, refundPayment, read } = a;
    await ok(pay('a month', { tier: 'professional', months: 1 }));
    await ok(hold('in it', 10));
    await ok(commit('in it'));
    clock.nowMs = APRIL + HOUR_MS;
    t.match(await ok(refundPayment('a month')), { revoked: 0, tier: 'gift' });
    t.match(await ok(refund('in it')), { refunded: 10, balance: { total: 0 } });
    t.match(await ok(read), { total: 0, spent: 0 });
  },
);

rule('What is returned in one period of two payments goes with the one whose it was', async (t, a) => {
  const { ok, clock, pay, hold, commit, refund, refundPayment, read } = a;
  await ok(pay('March', { tier: 'professional', months: 1 }));
  await ok(pay('April', { tier: 'professional', months: 1 }));
  await ok(pay('May', { tier: 'professional', months: 1 }));
  await ok(hold('in March', 10));
  await ok(commit('in March'));
  clock.nowMs = APRIL + HOUR_MS;
  await ok(hold('in April', 20));
  await ok(commit('in April'));
  clock.nowMs = MAY + HOUR_MS;
  await ok(refund('in March'));
  t.match(await ok(refund('in April')), { balance: { total: 2030 } });
  t.match(await ok(refundPayment('March')), { revoked: 10, spent: 0, tier: 'professional' });
  t.match(await ok(read), { total: 2020 });
  t.match(await ok(refundPayment('April')), { revoked: 20, spent: 0 });
  t.match(await ok(refundPayment('May')), { revoked: 2000, spent: 0, tier: 'gift' });
  t.match(await ok(read), { total: 0 });
});

rule('What the next piece’s tokens free of a refunded payment is in the answer', async (t, a) => {
  const { ok, pay, hold, refundPayment, read } = a;
  await ok(pay('refunded', { tier: 'professional', months: 1 }));
  await ok(pay('the next', { tier: 'professional', months: 1 }));
  await ok(hold('held', 500));
  t.match(await ok(refundPayment('refunded')), { revoked: 2000, spent: 0 });
  t.match(await ok(read), { total: 2000, available: 1500 });
});
