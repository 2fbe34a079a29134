import t from 'tap';
import { testApp } from '../support/test-app.js';

t.test('commit, refund, extend', async (t) => {
  const app = await testApp(t);
  let user = '';
  let users = 0;
  t.beforeEach(async () => {
    user = `web:${++users}`;
    await app.call('POST', '/tokens/grant', {
      body: { user, amount: 100, source: 'promo', reason: 'test' },
      headers: { 'idempotency-key': 'start' },
    });
  });
  const hold = async (body: object = {}): Promise<string> => {
    const request = { user, operation: 'image_generation', ...body };
    return (await app.call('POST', '/tokens/reserve', { body: request })).body.reservationId;
  };
  const commit = (body: object, headers = {}) => app.call('POST', '/tokens/commit', { body, headers });
  const refund = (body: object, headers = {}) => app.call('POST', '/tokens/refund', { body, headers });
  const extend = (body: object) => app.call('POST', '/tokens/extend', { body });
  const read = async (id: string) => (await app.call('GET', `/tokens/reservations/${id}`)).body;
  const total = async () => (await app.call('GET', `/users/${user}/balance`)).body.total;

  t.test('commit charges the hold, or less and releases the rest', async (t) => {
    t.match(await commit({ reservationId: await hold() }), {
      status: 200,
      body: { status: 'committed', reserved: 10, amount: 10, released: 0, uncollected: 0, late: false },
    });
    const less = await commit({ reservationId: await hold(), amount: 4 });
    t.match(less.body, { amount: 4, released: 6, balance: { available: 86, reserved: 0, total: 86 } });
  });

  t.test('commit above the hold takes what is available and reports the rest as uncollected', async (t) => {
    const reservationId = await hold();
    const { status, body } = await commit({ reservationId, amount: 130 });
    t.equal(status, 200);
    t.match(body, { amount: 100, released: 0, uncollected: 30, balance: { available: 0, total: 0 } });
    t.match(await read(reservationId), { charged: 100, uncollected: 30, status: 'committed' });
  });

  t.test('the same commit again gets the first answer without a key; another amount is 409', async (t) => {
    const reservationId = await hold();
    const first = await commit({ reservationId });
    await hold();
    const again = await commit({ reservationId, amount: 10 });
    t.equal(again.text, first.text);
    t.equal(again.headers['idempotency-replayed'], 'true');
    t.match(await commit({ reservationId, amount: 9 }), {
      status: 409,
      body: { code: 'reservation-settled' },
    });
    t.equal(await total(), 90, 'charged once');
  });

  t.test('refund of an open one frees it whole; a part of it is 400', async (t) => {
    const reservationId = await hold();
    t.match(await refund({ reservationId, amount: 3 }), {
      status: 400,
      body: { errors: [{ field: 'amount' }] },
    });
    const done = await refund({ reservationId });
    t.match(done.body, { status: 'refunded', refunded: 10, balance: { available: 100, reserved: 0 } });
    t.match((await refund({ reservationId })).body, { status: 'refunded', refunded: 0 });
    t.match(await commit({ reservationId }), { status: 409, body: { code: 'reservation-settled' } });
  });

  t.test(
    'refund of a committed one: a part, the rest, then nothing; never more than was charged',
    async (t) => {
      const reservationId = await hold();
      await commit({ reservationId });
      t.match((await refund({ reservationId, amount: 4, reason: 'blurred' })).body, {
        status: 'committed',
        refunded: 4,
        refundedTotal: 4,
      });
      t.match(await refund({ reservationId, amount: 7 }), {
        status: 409,
        body: { code: 'refund-exceeds-commit' },
      });
      t.match((await refund({ reservationId })).body, { refunded: 6, refundedTotal: 10 });
      t.match((await refund({ reservationId })).body, { refunded: 0, refundedTotal: 10 });
      t.equal(await total(), 100);
      const { items } = (await app.call('GET', `/users/${user}/entries?kind=refund`)).body;
      t.same(
        items.map((entry: { amount: number }) => entry.amount),
        [6, 4],
      );
      t.same(items[1].metadata, { reason: 'blurred' });
    },
  );

  t.test('a partial refund repeated with its key gives back once', async (t) => {
    const reservationId = await hold();
    await commit({ reservationId });
    const key = { 'idempotency-key': 'part' };
    const first = await refund({ reservationId, amount: 4 }, key);
    const again = await refund({ reservationId, amount: 4 }, key);
    t.equal(again.text, first.text);
    t.equal(await total(), 94);
  });

  t.test('after its expiry a hold is free, a commit is late, and a refund is 410', async (t) => {
    const reservationId = await hold({ ttlSeconds: 10 });
    app.clock.offsetMs += 10_000;
    t.match(await read(reservationId), { status: 'expired', balance: { available: 100, reserved: 0 } });
    t.match(await refund({ reservationId }), { status: 410, body: { code: 'reservation-expired' } });
    t.match(await extend({ reservationId, ttlSeconds: 10 }), { status: 410 });
    t.match((await commit({ reservationId })).body, { late: true, amount: 10, uncollected: 0 });
  });

  t.test('a late commit that can charge nothing is 410', async (t) => {
    const reservationId = await hold({ ttlSeconds: 10 });
    app.clock.offsetMs += 10_000;
    await commit({ reservationId: await hold({ amount: 100 }) });
    t.match(await commit({ reservationId }), { status: 410, body: { code: 'reservation-expired' } });
  });

  t.test('extend keeps the hold, never shortens it, and ends 24 h after its creation', async (t) => {
    const reservationId = await hold({ ttlSeconds: 100 });
    const { createdAt, expiresAt } = await read(reservationId);
    t.equal((await extend({ reservationId, ttlSeconds: 1 })).body.expiresAt, expiresAt);
    const longer = (await extend({ reservationId, ttlSeconds: 1000 })).body.expiresAt;
    t.ok(Date.parse(longer) > Date.parse(expiresAt));
    app.clock.offsetMs += 200_000;
    t.equal((await read(reservationId)).status, 'open');
    const most = (await extend({ reservationId, ttlSeconds: 86_400 })).body.expiresAt;
    t.equal(Date.parse(most) - Date.parse(createdAt), 86_400_000);
    await commit({ reservationId });
    t.match(await extend({ reservationId, ttlSeconds: 10 }), { status: 409 });
  });

  t.test('404 for a reservation that is nobody’s, also a made-up one of a user that exists', async (t) => {
    const real = await hold();
    const made = `${real.slice(0, -1)}${real.endsWith('A') ? 'B' : 'A'}`;
    for (const reservationId of ['x', 'rsv_x', `rsv_${'A'.repeat(32)}`, `rsv_${'z'.repeat(32)}`, made]) {
      for (const call of [commit({ reservationId }), refund({ reservationId })]) {
        t.match(await call, { status: 404, body: { code: 'unknown-reservation' } }, reservationId);
      }
      t.match(await extend({ reservationId, ttlSeconds: 5 }), { status: 404 });
    }
  });

  t.test('commit, refund and extend under a key: replay, and 422 for another body', async (t) => {
    const a = await hold();
    const key = { 'idempotency-key': 'settle' };
    const first = await commit({ reservationId: a, amount: 2 }, key);
    t.equal((await commit({ reservationId: a, amount: 2 }, key)).text, first.text);
    t.equal((await commit({ reservationId: a, amount: 3 }, key)).status, 422);
    const b = await hold();
    const other = { 'idempotency-key': 'release' };
    const released = await refund({ reservationId: b }, other);
    t.equal((await refund({ reservationId: b }, other)).text, released.text, 'not "refunded: 0"');
    const c = await hold();
    const third = { 'idempotency-key': 'extend' };
    const body = { reservationId: c, ttlSeconds: 1000 };
    const longer = await app.call('POST', '/tokens/extend', { body, headers: third });
    app.clock.offsetMs += 1000;
    t.equal((await app.call('POST', '/tokens/extend', { body, headers: third })).text, longer.text);
  });
});
