/** A payment's tokens asked back in parts: whoever got the money of some back keeps the others, in whatever order it happens. */
import t from 'tap';
import { rulesOf } from './rule.js';

const rule = rulesOf(t);
t.setTimeout(120_000);

rule('parts add up to what it gave, and not to more', async (t, a) => {
  await a.ok(a.pay('parts', { tokens: 100 }));
  t.match(await a.ok(a.refundPayment('parts', 30)), { revoked: 30, spent: 0, tier: 'gift' });
  t.match(await a.ok(a.refundPayment('parts', 30)), { revoked: 30, spent: 0 }, 'no key: one more part');
  const refused = await a.call(a.refundPayment('parts', 41));
  t.match(refused, { ok: false, refusal: { kind: 'refund_exceeds_payment', refundable: 40 } });
  t.match(await a.ok(a.read), { available: 40 });
  t.match(await a.ok(a.refundPayment('parts', 40)), { revoked: 40 });
  t.match(await a.call(a.refundPayment('parts', 1)), { refusal: { refundable: 0 } });
  t.match(await a.ok(a.refundPayment('parts')), { revoked: 0, spent: 0 }, 'the whole is a repeat then');
});

rule('what was asked counts, not what could be taken', async (t, a) => {
  await a.ok(a.pay('asked', { tokens: 100 }));
  await a.ok(a.hold('a', 90));
  await a.ok(a.commit('a'));
  t.match(await a.ok(a.refundPayment('asked', 60)), { revoked: 10, spent: 90 });
  t.match(await a.call(a.refundPayment('asked', 41)), { refusal: { refundable: 40 } });
  await a.ok(a.refund('a'));
  t.match(await a.ok(a.read), { available: 40, total: 40, spent: 0 }, 'the 60 are taken as they return');
  t.match(await a.ok(a.refundPayment('asked')), { revoked: 40, spent: 0 });
});

rule('what holds need stays with them, and is taken before it is available', async (t, a) => {
  await a.ok(a.pay('held', { tokens: 100 }));
  await a.ok(a.hold('a', 30));
  t.match(await a.ok(a.refundPayment('held', 80)), { revoked: 70 });
  t.match(await a.ok(a.read), { available: 0, reserved: 30, total: 30 });
  t.match(await a.ok(a.refund('a')), { balance: { available: 20, reserved: 0, total: 20 } });
  t.match(await a.call(a.hold('b', 21)), {
    ok: false,
    refusal: { kind: 'insufficient_tokens', available: 20 },
  });
});

rule('a hold that is charged leaves the claim on what is returned of it', async (t, a) => {
  await a.ok(a.pay('charged', { tokens: 100 }));
  await a.ok(a.hold('a', 100));
  t.match(await a.ok(a.refundPayment('charged', 80)), { revoked: 0 });
  await a.ok(a.commit('a'));
  t.match(await a.ok(a.read), { available: 0, total: 0, spent: 100 });
  await a.ok(a.refund('a', 50));
  t.match(await a.ok(a.read), { available: 0, total: 0, spent: 50 });
  await a.ok(a.refund('a'));
  t.match(await a.ok(a.read), { available: 20, total: 20, spent: 0 });
});

rule('tokens of other sources are not touched, and those of a tier’s payment have no parts', async (t, a) => {
  await a.ok(a.give(50));
  await a.ok(a.pay('mine', { pack: 'pack-500' }));
  t.match(await a.ok(a.refundPayment('mine', 500)), { revoked: 500 });
  t.match(await a.ok(a.read), { available: 50, grants: [{ source: 'promo', remaining: 50 }] });
  await a.ok(a.pay('months', { tier: 'professional', months: 1 }));
  t.match(await a.call(a.refundPayment('months', 1)), { refusal: { kind: 'invalid' } });
});
