import t from 'tap';
import { testApp } from '../support/test-app.js';

t.test('a credit pays debt and is never refused for lack of tokens', async (t) => {
  const { call } = await testApp(t);
  const user = 'web:debtor';
  const grant = (amount: number, key: string, source = 'promo') =>
    call('POST', '/tokens/grant', {
      body: { user, amount, source, reason: 'test' },
      headers: { 'idempotency-key': key },
    });
  const { body: gift } = await call('GET', '/tiers/gift');
  t.equal((await call('PUT', '/tiers/gift', { body: { ...gift, overdraft: 1000 } })).status, 200);
  await grant(10, 'first');
  const hold = await call('POST', '/tokens/reserve', {
    body: { user, operation: 'chatgpt_message', amount: 10 },
  });
  const { reservationId } = hold.body;
  const charged = await call('POST', '/tokens/commit', { body: { reservationId, amount: 45 } });
  t.equal(charged.body.balance.total, -35);

  t.test('a grant smaller than the debt', async (t) => {
    const granted = await grant(12, 'promo');
    t.match(granted, { status: 201, body: { balance: { available: -23, total: -23 } } });
    const corrected = await grant(3, 'adjustment', 'adjustment');
    t.match(corrected, { status: 201, body: { balance: { total: -20 } } });
  });

  t.test('a payment smaller than the debt', async (t) => {
    const paid = await call('POST', '/payments', {
      body: { provider: 'card', paymentId: 'p1', user, product: { tokens: 5 }, currency: 'USD', amount: 1 },
    });
    t.match(paid, { status: 201, body: { granted: 5, balance: { total: -15 } } });
  });

  t.test('a refund of a part of what caused it', async (t) => {
    const refunded = await call('POST', '/tokens/refund', { body: { reservationId, amount: 4 } });
    t.match(refunded, { status: 200, body: { refunded: 4, balance: { total: -11 } } });
  });

  t.test('only what takes tokens away is refused', async (t) => {
    const taken = await grant(-1, 'take', 'adjustment');
    t.match(taken, { status: 409, body: { code: 'insufficient-tokens', available: -11, deficit: 12 } });
    t.match(await grant(11, 'rest'), { status: 201, body: { balance: { available: 0, total: 0 } } });
  });
});
