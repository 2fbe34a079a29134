/** Paid time as HTTP tells it (docs/paid-time.md). */
import t from 'tap';
import { testApp } from '../support/test-app.js';

const professional = { tier: 'professional', months: 1 };

t.test('paid time over HTTP', async (t) => {
  const { call } = await testApp(t);
  const pay = (user: string, paymentId: string, product: object) =>
    call('POST', '/payments', {
      body: { provider: 'test', paymentId, user, product, currency: 'XTR', amount: 1000 },
    });

  t.test('every answer that has paidUntil also has upcoming', async (t) => {
    const user = 'web:upcoming';
    t.match((await pay(user, 'up-1', professional)).body, { granted: 2000, upcoming: [] });
    const second = (await pay(user, 'up-2', professional)).body;
    const payment = { provider: 'test', paymentId: 'up-2' };
    const waits = [{ tier: 'professional', from: second.periodEnd, until: second.paidUntil, payment }];
    t.strictSame(second.upcoming, waits);
    t.strictSame((await call('GET', `/users/${user}/balance`)).body.upcoming, waits);
    const put = await call('PUT', `/users/${user}/tier`, { body: { tier: 'professional', months: 1 } });
    t.strictSame(put.body.upcoming, waits, 'by hand, nothing that was paid for is dropped');
    const listed = (await call('GET', `/payments?user=${user}`)).body.items;
    t.strictSame(listed[0].upcoming, waits);
  });

  t.test('the entry of a period’s grant says which payment it came from', async (t) => {
    const user = 'web:payer';
    await pay(user, 'payer-1', professional);
    const { items } = (await call('GET', `/users/${user}/entries`)).body;
    t.match(items, [{ kind: 'grant', source: 'tier', metadata: { provider: 'test', paymentId: 'payer-1' } }]);
    await call('PUT', `/users/${user}/tier`, { body: { tier: 'business' } });
    const [byHand] = (await call('GET', `/users/${user}/entries`)).body.items;
    t.match(byHand, { kind: 'grant', source: 'tier', metadata: null });
  });

  t.test('start: "now" begins at once, "after" is what is meant without it, all else is 400', async (t) => {
    const user = 'web:start';
    const first = await pay(user, 'start-1', professional);
    const again = await pay(user, 'start-1', { ...professional, start: 'after' });
    t.equal(again.text, first.text, 'the same payment');
    t.match((await pay(user, 'start-2', { ...professional, start: 'now' })).body, { granted: 2000 });
    t.match(await pay(user, 'start-2', professional), { status: 409, body: { code: 'payment-mismatch' } });
    t.equal((await pay(user, 'start-3', { ...professional, start: 'later' })).status, 400);
    const until = new Date(Date.now() + 30 * 86_400_000).toISOString();
    t.equal((await pay(user, 'start-4', { tier: 'professional', until, start: 'now' })).status, 400);
  });

  t.test('graceSeconds: 0 where it is left out, 30 days at most, a part of the ETag', async (t) => {
    const { body, headers } = await call('GET', '/tiers/business');
    t.equal(body.graceSeconds, 0);
    const { graceSeconds: _, ...without } = body;
    const put = (tier: object) => call('PUT', '/tiers/business', { body: tier });
    const same = await put(without);
    t.match(same, { status: 200, body: { graceSeconds: 0 } });
    t.equal(same.headers.etag, headers.etag);
    const longer = await put({ ...without, graceSeconds: 2_592_000 });
    t.match(longer, { status: 200, body: { graceSeconds: 2_592_000 } });
    t.not(longer.headers.etag, headers.etag);
    const tooLong = await put({ ...without, graceSeconds: 2_592_001 });
    t.match(tooLong, { status: 400, body: { errors: [{ field: 'graceSeconds' }] } });
  });
});
