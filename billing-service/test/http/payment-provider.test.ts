import t from 'tap';
import { testApp } from '../support/test-app.js';

t.test('- and _ are one sign in a provider’s name: one charge is credited once', async (t) => {
  const { call } = await testApp(t);
  const user = 'web:payer';
  const pay = (provider: string, more: object = {}) =>
    call('POST', '/payments', {
      body: {
        ...{ provider, paymentId: 'charge-1', user, product: { pack: 'pack-500' } },
        ...{ currency: 'XTR', amount: 300, ...more },
      },
    });
  const [first, again] = await Promise.all([pay('telegram_stars'), pay('telegram-stars')]);
  t.same([first.status, again.status], [201, 201]);
  t.equal(again.text, first.text, 'the second is the first one’s replay');
  t.equal(first.body.provider, 'telegram_stars', 'and tells the one spelling');
  t.equal((await call('GET', `/users/${user}/balance`)).body.total, 500);
  t.match(await pay('telegram-stars', { amount: 1 }), { status: 409, body: { code: 'payment-mismatch' } });

  for (const provider of ['telegram-stars', 'telegram_stars']) {
    const { body } = await call('GET', `/payments?provider=${provider}`);
    t.same(
      body.items.map((item: { paymentId: string }) => item.paymentId),
      ['charge-1'],
      provider,
    );
    const refund = await call('POST', `/payments/${provider}/charge-1/refund`);
    t.match(refund, { status: 200, body: { revoked: 500 } }, provider);
  }
  t.equal((await call('GET', `/users/${user}/balance`)).body.total, 0);
});
