import t from 'tap';
import { type TestApp, testApp } from '../support/test-app.js';

const grant = (app: TestApp, user: string, amount: number) =>
  app.call('POST', '/tokens/grant', {
    body: { user, amount, source: 'promo', reason: 'test' },
    headers: { 'idempotency-key': `grant ${user}` },
  });

t.test('reserve', async (t) => {
  const app = await testApp(t);
  const reserve = (body: object, headers = {}) => app.call('POST', '/tokens/reserve', { body, headers });
  const balanceOf = async (user: string) => (await app.call('GET', `/users/${user}/balance`)).body;

  t.test('201 holds price × quantity and says what is left', async (t) => {
    await grant(app, 'web:a', 100);
    const { status, body } = await reserve({ user: 'web:a', operation: 'image_generation', quantity: 2 });
    t.equal(status, 201);
    t.match(body, { user: 'web:a', operation: 'image_generation', amount: 20, status: 'open' });
    t.same(body.balance, { available: 80, reserved: 20, total: 100 });
    t.same(body.affordable, { chatgpt_message: 16, image_generation: 8 });
    const life = Date.parse(body.expiresAt) - Date.now();
    t.ok(life > 290_000 && life <= 300_000, 'for 300 s by default');
  });

  t.test('402 says cost, available and deficit, and leaves the balance unchanged', async (t) => {
    await grant(app, 'web:poor', 7);
    const before = await balanceOf('web:poor');
    const { status, body, headers } = await reserve({ user: 'web:poor', operation: 'image_generation' });
    t.equal(status, 402);
    t.match(headers['content-type'], /^application\/problem\+json/);
    t.match(body, { code: 'insufficient-tokens', cost: 10, available: 7, deficit: 3 });
    t.same(await balanceOf('web:poor'), before);
  });

  t.test('an unknown user is created, also when the call is then refused', async (t) => {
    t.equal((await reserve({ user: 'web:new1', operation: 'chatgpt_message' })).status, 402);
    t.equal((await reserve({ user: 'web:new2', operation: 'nothing' })).body.code, 'unknown-operation');
    t.match(await balanceOf('web:new1'), { tier: 'gift', total: 0 });
    t.match(await balanceOf('web:new2'), { tier: 'gift', total: 0 });
  });

  t.test('bad input is refused with the field named, and creates nobody', async (t) => {
    const bad: [object, string][] = [
      [{ operation: 'chatgpt_message' }, 'user'],
      [{ user: 'nobody', operation: 'chatgpt_message' }, 'user'],
      [{ user: 'web:b\u0000', operation: 'chatgpt_message' }, 'user'],
      [{ user: 'web:bad', operation: 'chatgpt_message', quantity: '1' }, 'quantity'],
      [{ user: 'web:bad', operation: 'chatgpt_message', quantity: 0 }, 'quantity'],
      [{ user: 'web:bad', operation: 'chatgpt_message', quantity: 1.5 }, 'quantity'],
      [{ user: 'web:bad', operation: 'chatgpt_message', amount: -1 }, 'amount'],
      [{ user: 'web:bad', operation: 'chatgpt_message', amount: 1e12 + 1 }, 'amount'],
      [{ user: 'web:bad', operation: 'chatgpt_message', ttlSeconds: 86_401 }, 'ttlSeconds'],
      [{ user: 'web:bad', operation: 'chatgpt_message', checkLimits: 'yes' }, 'checkLimits'],
      [{ user: 'web:bad', operation: 'chatgpt_message', metadata: [] }, 'metadata'],
      [{ user: 'web:bad', operation: 'chatgpt_message', metadata: { x: 'y'.repeat(4096) } }, 'metadata'],
      [{ user: 'web:bad', operation: 'chatgpt_message', extra: 1 }, 'extra'],
    ];
    for (const [body, field] of bad) {
      const answer = await reserve(body);
      t.equal(answer.status, 400, JSON.stringify(body).slice(0, 80));
      t.equal(answer.body.errors[0].field, field);
    }
    t.equal((await app.call('GET', '/users/web:bad')).status, 404);
  });

  t.test('a price × quantity above 10^12 is 400', async (t) => {
    await app.call('PUT', '/operations/dear', { body: { id: 'dear', name: 'Dear', price: 1e9 } });
    const { status, body } = await reserve({ user: 'web:a', operation: 'dear', quantity: 1001 });
    t.equal(status, 400);
    t.equal(body.errors[0].field, 'quantity');
  });

  t.test('the same key again gives the first answer byte for byte, prices changed or not', async (t) => {
    await grant(app, 'web:twice', 100);
    const call = () =>
      reserve({ user: 'web:twice', operation: 'chatgpt_message' }, { 'idempotency-key': 'one' });
    const first = await call();
    await app.call('PUT', '/operations/newer', { body: { id: 'newer', name: 'Newer', price: 3 } });
    const again = await call();
    t.equal(again.status, 201);
    t.equal(again.text, first.text);
    t.equal(again.headers['idempotency-replayed'], 'true');
    t.notOk(first.headers['idempotency-replayed']);
    t.equal((await balanceOf('web:twice')).reserved, 5, 'held once');
  });

  t.test('the same key with another body, or on another route, is 422', async (t) => {
    await grant(app, 'web:422', 100);
    const key = { 'idempotency-key': 'k' };
    await reserve({ user: 'web:422', operation: 'chatgpt_message' }, key);
    const other = await reserve({ user: 'web:422', operation: 'image_generation' }, key);
    t.match(other, { status: 422, body: { code: 'idempotency-key-reused' } });
    const elsewhere = await app.call('POST', '/tokens/grant', {
      body: { user: 'web:422', amount: 1, source: 'promo', reason: 'r' },
      headers: key,
    });
    t.match(elsewhere, { status: 422, body: { code: 'idempotency-key-reused' } });
  });

  t.test('after a 402 the same key may succeed', async (t) => {
    const key = { 'idempotency-key': 'later' };
    const body = { user: 'web:later', operation: 'chatgpt_message' };
    t.equal((await reserve(body, key)).status, 402);
    await grant(app, 'web:later', 5);
    t.equal((await reserve(body, key)).status, 201);
  });
});

t.test('reserve within limits', async (t) => {
  const app = await testApp(t);
  const reserve = (body: object, headers = {}) => app.call('POST', '/tokens/reserve', { body, headers });
  const peek = async (user: string) =>
    (await app.call('POST', '/limits/check', { body: { user, operation: 'chatgpt_message', peek: true } }))
      .body;

  t.test('counts once, and shows the limit with its headers', async (t) => {
    await grant(app, 'web:l', 1000);
    const { status, body, headers } = await reserve({
      user: 'web:l',
      operation: 'chatgpt_message',
      checkLimits: true,
    });
    t.equal(status, 201);
    t.match(body.limit, { allowed: true, limit: 10, remaining: 9, degraded: false });
    t.equal(headers['ratelimit-policy'], '"all";q=10;w=60');
    t.equal((await peek('web:l')).remaining, 9);
  });

  t.test('429 holds nothing; a refused hold counts nothing', async (t) => {
    await grant(app, 'web:m', 47);
    const body = { user: 'web:m', operation: 'chatgpt_message', checkLimits: true };
    for (let i = 0; i < 9; i++) t.equal((await reserve(body)).status, 201);
    t.equal((await reserve(body)).status, 402, '2 tokens are left');
    t.equal((await peek('web:m')).remaining, 1, 'the refused hold gave its count back');
    await app.call('POST', '/limits/check', { body: { user: 'web:m', operation: 'chatgpt_message' } });
    const denied = await reserve(body);
    t.match(denied, { status: 429, body: { code: 'rate-limited', limit: { allowed: false, remaining: 0 } } });
    t.ok(Number(denied.headers['retry-after']) > 0);
    t.equal((await app.call('GET', '/users/web:m/balance')).body.reserved, 45);
  });

  t.test('a replay comes before a used-up limit, and counts nothing', async (t) => {
    await grant(app, 'web:n', 1000);
    const body = { user: 'web:n', operation: 'chatgpt_message', checkLimits: true };
    const first = await reserve(body, { 'idempotency-key': 'first' });
    for (let i = 0; i < 9; i++) await reserve(body);
    t.equal((await reserve(body)).status, 429);
    const again = await reserve(body, { 'idempotency-key': 'first' });
    t.equal(again.status, 201);
    t.equal(again.text, first.text);
    app.clock.offsetMs += 61_000;
    t.equal((await reserve(body, { 'idempotency-key': 'first' })).text, first.text);
    t.equal((await peek('web:n')).remaining, 10, 'past the window, too');
  });
});

t.test('429 too-many-open-reservations at the tier’s cap, until one is settled', async (t) => {
  const app = await testApp(t);
  const tier = (await app.call('GET', '/tiers/gift')).body;
  await app.call('PUT', '/tiers/gift', { body: { ...tier, maxOpenReservations: 2 } });
  await grant(app, 'web:cap', 100);
  const reserve = () =>
    app.call('POST', '/tokens/reserve', { body: { user: 'web:cap', operation: 'chatgpt_message' } });
  const first = await reserve();
  t.equal((await reserve()).status, 201);
  t.match(await reserve(), { status: 429, body: { code: 'too-many-open-reservations' } });
  await app.call('POST', '/tokens/commit', { body: { reservationId: first.body.reservationId } });
  t.equal((await reserve()).status, 201);
});
