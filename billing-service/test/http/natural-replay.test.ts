import t from 'tap';
import { testApp } from '../support/test-app.js';

t.test('a call that is idempotent by nature also gives its answer to a new Idempotency-Key', async (t) => {
  const { call } = await testApp(t);
  const under = (key: string) => ({ headers: { 'idempotency-key': key } });
  const user = 'web:again';
  const grant = { user, amount: 100, source: 'promo', reason: 'test' };
  await call('POST', '/tokens/grant', { body: grant, ...under('start') });
  const hold = async () =>
    (await call('POST', '/tokens/reserve', { body: { user, operation: 'image_generation' } })).body
      .reservationId;

  t.test('a commit: the key then stands for this payload, whatever happens to prices', async (t) => {
    const body = { reservationId: await hold(), amount: 4 };
    const first = await call('POST', '/tokens/commit', { body });
    await call('PUT', '/operations/chatgpt_message', { body: { name: 'Message', price: 7 } });
    for (const round of ['stored', 'replayed']) {
      const again = await call('POST', '/tokens/commit', { body, ...under('late key') });
      t.equal(again.text, first.text, round);
      t.equal(again.headers['idempotency-replayed'], 'true', round);
    }
    const other = { reservationId: await hold(), amount: 4 };
    t.match(await call('POST', '/tokens/commit', { body: other, ...under('late key') }), {
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    t.match((await call('GET', `/tokens/reservations/${other.reservationId}`)).body, { status: 'open' });
  });

  t.test('a payment that says when its tier begins, or leaves that out', async (t) => {
    const pay = (product: object) =>
      call('POST', '/payments', {
        body: { provider: 'test', paymentId: 'tier', user, product, currency: 'XTR', amount: 1 },
        ...under('tier key'),
      });
    const product = { tier: 'professional', months: 1 };
    const first = await pay(product);
    const again = await pay({ ...product, start: 'after' });
    t.match(again, { status: 201, text: first.text, headers: { 'idempotency-replayed': 'true' } });
    t.equal((await pay({ ...product, start: 'now' })).status, 422);
  });

  t.test('a payment and its refund', async (t) => {
    const body = {
      ...{ provider: 'test', paymentId: 'once', user, product: { tokens: 50 } },
      ...{ currency: 'XTR', amount: 1 },
    };
    const first = await call('POST', '/payments', { body });
    for (const round of ['stored', 'replayed']) {
      const again = await call('POST', '/payments', { body, ...under('pay key') });
      t.equal(again.text, first.text, round);
      t.equal(again.headers['idempotency-replayed'], 'true', round);
    }
    const other = await call('POST', '/payments', {
      body: { ...body, paymentId: 'twice' },
      ...under('pay key'),
    });
    t.match(other, { status: 422, body: { code: 'idempotency-key-reused' } });
    const path = '/payments/test/once/refund';
    const taken = await call('POST', path);
    t.equal((await call('POST', path, under('back key'))).text, taken.text);
    t.equal((await call('POST', path, under('back key'))).text, taken.text);
    t.equal((await call('POST', path, under('pay key'))).status, 422);
  });
});
