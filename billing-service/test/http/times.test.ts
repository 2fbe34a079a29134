import t from 'tap';
import { testApp } from '../support/test-app.js';

/** A well-formed date-time that is 01:00 of the year 10000 in UTC. */
const YEAR_10000 = '9999-12-31T23:59:59-01:00';
const LAST = '9999-12-31T23:59:59Z';

t.test('times reach from 1970 to 9999: others are the caller’s error, not a failure', async (t) => {
  const { call } = await testApp(t);
  const grant = (expiresAt: string, key?: string) =>
    call('POST', '/tokens/grant', {
      body: { user: 'web:time', amount: 1, source: 'promo', reason: 'test', expiresAt },
      ...(key ? { headers: { 'idempotency-key': key } } : {}),
    });
  let payments = 0;
  const pay = (product: object) =>
    call('POST', '/payments', {
      body: {
        ...{ provider: 'test', paymentId: `t${++payments}`, user: 'web:time', product },
        ...{ currency: 'XTR', amount: 1 },
      },
    });

  t.test('the end of a grant', async (t) => {
    for (const time of [YEAR_10000, '1969-12-31T23:59:59Z', '2030-06-30T23:59:60Z']) {
      t.match(await grant(time, time), { status: 400, body: { errors: [{ field: 'expiresAt' }] } }, time);
    }
    t.equal((await grant(LAST, 'last')).status, 201);
  });

  t.test('is told before a missing Idempotency-Key, as all that is wrong with a body', async (t) => {
    t.equal((await grant(YEAR_10000)).body.code, 'invalid-request');
    const body = { user: 'web:time', amount: -1, source: 'promo', reason: 'test' };
    t.equal((await call('POST', '/tokens/grant', { body })).body.code, 'invalid-request');
    t.equal((await grant(LAST)).body.code, 'idempotency-key-required');
  });

  t.test('the end of an API key', async (t) => {
    const body = { name: 'x', scopes: ['limits'], expiresAt: YEAR_10000 };
    t.match(await call('POST', '/api-keys', { body }), { status: 400, body: { code: 'invalid-request' } });
    t.match(await call('POST', '/api-keys', { body: { ...body, expiresAt: LAST } }), { status: 201 });
  });

  t.test('paid time, which months lengthen to the end of 9999 at most', async (t) => {
    const refused = await pay({ tier: 'professional', until: YEAR_10000 });
    t.match(refused, { status: 400, body: { errors: [{ field: 'product.until' }] } });
    t.match(await pay({ tier: 'professional', until: LAST }), { status: 201 });
    const longer = await pay({ tier: 'professional', months: 120 });
    t.match(longer, { status: 201, body: { paidUntil: '9999-12-31T23:59:59.999Z' } });
    t.match(await call('GET', '/users/web:time'), { status: 200, body: { tier: 'professional' } });
  });
});
