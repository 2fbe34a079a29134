import t from 'tap';
import { testApp } from '../support/test-app.js';

t.test('reserve with checkLimits counts what it is worth', async (t) => {
  const { call } = await testApp(t);
  const { body: gift } = await call('GET', '/tiers/gift');
  const policies = [{ operation: 'image_generation', limit: 5, windowSeconds: 60 }];
  await call('PUT', '/tiers/gift', { body: { ...gift, policies } });
  const funded = async (user: string) => {
    await call('POST', '/tokens/grant', {
      body: { user, amount: 100_000, source: 'promo', reason: 'test' },
      headers: { 'idempotency-key': user },
    });
    return user;
  };
  const reserve = (user: string, body: object, headers: Record<string, string> = {}) =>
    call('POST', '/tokens/reserve', {
      body: { user, operation: 'image_generation', checkLimits: true, ...body },
      headers,
    });
  const remaining = async (user: string) =>
    (await call('POST', '/limits/check', { body: { user, operation: 'image_generation', peek: true } })).body
      .remaining;

  t.test('its quantity, by default: a hundred images are not one', async (t) => {
    const user = await funded('web:many');
    t.match(await reserve(user, { quantity: 100 }), { status: 429, body: { code: 'rate-limited' } });
    t.match(await reserve(user, { quantity: 3 }), { status: 201, body: { limit: { remaining: 2 } } });
    t.match(await reserve(user, { quantity: 3 }), { status: 429, body: { limit: { remaining: 2 } } });
    t.match(await reserve(user, { quantity: 2 }), { status: 201, body: { limit: { remaining: 0 } } });
  });

  t.test('or limitCost, whatever the quantity or amount', async (t) => {
    const user = await funded('web:batch');
    t.match(await reserve(user, { quantity: 100, limitCost: 1 }), { body: { limit: { remaining: 4 } } });
    t.match(await reserve(user, { amount: 7, limitCost: 4 }), { body: { limit: { remaining: 0 } } });
    const never = await reserve(await funded('web:never'), { limitCost: 6 });
    t.match(
      never,
      { status: 429, headers: { 'retry-after': '60' } },
      'more than the limit: not in this window',
    );
  });

  t.test('a refused hold gives back all of it, a retry with its key counts once', async (t) => {
    const user = await funded('web:back');
    t.equal((await reserve(user, { quantity: 4, amount: 1_000_000 })).status, 402);
    t.equal(await remaining(user), 5);
    for (const _ of ['once', 'again']) {
      const answer = await reserve(user, { quantity: 4 }, { 'idempotency-key': 'k' });
      t.match(answer, { status: 201, body: { limit: { remaining: 1 } } });
    }
    t.equal(await remaining(user), 1);
  });

  t.test(
    'said or left out at what it is anyway, it is one payload to a key; at another, another',
    async (t) => {
      const user = await funded('web:implied');
      const under = (body: object) => reserve(user, body, { 'idempotency-key': 'k' });
      const first = await under({ quantity: 2 });
      const again = await under({ quantity: 2, limitCost: 2 });
      t.match(again, { status: 201, text: first.text, headers: { 'idempotency-replayed': 'true' } });
      t.match(await under({ quantity: 2, limitCost: 1 }), {
        status: 422,
        body: { code: 'idempotency-key-reused' },
      });
    },
  );

  t.test('limitCost out of range is refused with the range in words', async (t) => {
    for (const limitCost of [0, 1_000_001, 1.5, '1']) {
      const { status, body } = await reserve('web:range', { limitCost });
      t.equal(status, 400);
      t.same(body.errors, [{ field: 'limitCost', message: 'must be a whole number from 1 to 1000000' }]);
    }
  });
});
