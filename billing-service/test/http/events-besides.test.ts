/** What is told besides the ledger: limits that were met, what ends soon, payments, tiers, blocks, the catalogue. */
import t from 'tap';
import { DAY_MS, grant, toldApp, USER } from './told-app.js';

t.test('limit.hit: once an hour, user and operation', async (t) => {
  const app = await toldApp(t);
  const check = { user: USER, operation: 'chatgpt_message', cost: 10 };
  const hits = async () => {
    await (app.services.hits as unknown as { write(): Promise<void> }).write();
    return (await app.events('types=limit.hit')).length;
  };
  for (let i = 0; i < 4; i++) await app.call('POST', '/limits/check', { body: check });
  t.equal(await hits(), 1);
  await app.call('POST', '/limits/check', { body: check });
  t.equal(await hits(), 1, 'not again');
  await app.call('POST', '/test-clock', { body: { advanceSeconds: 3_600 } });
  for (let i = 0; i < 2; i++) await app.call('POST', '/limits/check', { body: check });
  t.equal(await hits(), 2, 'after an hour it is');
  t.match((await app.events('types=limit.hit'))[0].data, {
    ...{ operation: 'chatgpt_message', user: USER, limit: { limit: 10, windowSeconds: 60 } },
  });
});

t.test('what ends is told three days before, once: grants and paid time that nothing follows', async (t) => {
  const app = await toldApp(t);
  const inDays = (days: number) => new Date(app.clock.now() + days * DAY_MS).toISOString();
  await grant(app, { expiresAt: inDays(10) });
  const payment = { provider: 'test', user: 'web:paid', currency: 'XTR', amount: 1 };
  await app.call('POST', '/payments', {
    body: { ...payment, paymentId: 'p1', product: { tier: 'professional', months: 1 } },
  });
  await app.keep.runOnce();
  t.strictSame(await app.events('types=grant.expiring,tier.lapsing'), []);
  await app.call('POST', '/test-clock', { body: { advanceSeconds: (8 * DAY_MS) / 1000 } });
  await app.keep.runOnce();
  await app.keep.runOnce();
  const grants = await app.events('types=grant.expiring');
  t.match(grants, [{ data: { user: USER, source: 'promo', remaining: 12 } }]);
  t.equal(grants.length, 1);
  await app.call('POST', '/test-clock', { body: { advanceSeconds: (21 * DAY_MS) / 1000 } });
  await app.keep.runOnce();
  t.match(await app.events('types=tier.lapsing'), [
    { data: { user: 'web:paid', tier: 'professional', grace: false } },
  ]);
});

t.test('what is not in the ledger: payments, tiers, blocks, the catalogue', async (t) => {
  const app = await toldApp(t);
  const payment = { provider: 'test', paymentId: 'p1', user: USER, currency: 'XTR', amount: 9 };
  const product = { tier: 'professional', months: 1 };
  await app.call('POST', '/payments', { body: { ...payment, product } });
  await app.call('POST', '/payments', { body: { ...payment, product } });
  await app.call('POST', '/payments/test/p1/refund');
  await app.call('PUT', `/users/${USER}/block`, { body: { blocked: true, reason: 'spam' } });
  await app.call('PUT', `/users/${USER}/block`, { body: { blocked: false } });
  await app.call('PUT', '/packs/pack-9', { body: { name: 'P', tokens: 9, prices: [] } });
  const items = await app.events();
  t.strictSame(
    items.map(({ type }) => type).filter((type) => !type.startsWith('tokens.')),
    [
      ...['user.created', 'tier.changed', 'payment.applied', 'tier.changed', 'payment.refunded'],
      ...['user.blocked', 'user.blocked', 'catalogue.changed'],
    ],
  );
  const of = (type: string) => items.filter((item) => item.type === type).map(({ data }) => data);
  t.match(of('tier.changed'), [{ tier: 'professional', previousTier: 'gift' }, { tier: 'gift' }]);
  t.match(of('payment.applied'), [{ paymentId: 'p1', product, granted: 2_000, balance: { total: 2_000 } }]);
  t.match(of('payment.refunded'), [{ paymentId: 'p1', revoked: 2_000, spent: 0 }]);
  t.match(of('user.blocked'), [{ blocked: { reason: 'spam' } }, { blocked: null }]);
  t.strictSame(of('catalogue.changed'), [{ sequence: null, section: 'packs', id: 'pack-9' }]);
});
