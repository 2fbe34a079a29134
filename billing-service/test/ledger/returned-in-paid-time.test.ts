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
