/** `POST /users/{user}/merge`: two users become one, and no token of either is lost or doubled. */
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { type Json, testApp } from '../support/test-app.js';
import { toldApp } from './told-app.js';

t.setTimeout(240_000);

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const { call, clock } = await testApp(t, { store: await fresh(t) });
    let keys = 0;
    const post = (url: string, body: object, key = `k${++keys}`) =>
      call('POST', url, { body, headers: { 'idempotency-key': key } });
    const get = async (url: string): Promise<Json> => (await call('GET', url)).body;
    const balance = (user: string) => get(`/users/${user}/balance`);
    const give = (user: string, amount: number, expiresAt?: string) =>
      post('/tokens/grant', {
        user,
        amount,
        source: 'promo',
        reason: 'x',
        ...(expiresAt ? { expiresAt } : {}),
      });
    const pay = (user: string, paymentId: string, product: object) =>
      post('/payments', { provider: 'card', paymentId, user, product, currency: 'XTR', amount: 100 });
    const spend = async (user: string, amount: number) => {
      const held = await post('/tokens/reserve', { user, operation: 'chatgpt_message', amount });
      const { reservationId } = held.body;
      t.equal((await post('/tokens/commit', { reservationId })).status, 200);
      return reservationId as string;
    };
    const merge = (user: string, from: string, key?: string) =>
      post(`/users/${user}/merge`, { from, reason: 'one person' }, key);
    const sound = async (t: { strictSame(a: unknown, b: unknown): unknown }) =>
      t.strictSame((await get('/audit')).mismatches, []);

    t.test('references, tokens with their ends, debt and what was spent move', async (t) => {
      const soon = new Date(clock.now() + 86_400_000).toISOString();
      await give('web:a', 30);
      await spend('web:a', 10);
      await give('telegram:a', 50, soon);
      await give('telegram:a', 7);
      await spend('telegram:a', 20);
      await call('PUT', '/users/telegram:a', { body: { firstName: 'Ada' } });
      const merged = await merge('web:a', 'telegram:a');
      t.match(merged, { status: 200, body: { user: 'web:a', firstName: 'Ada' } }, merged.text);
      t.strictSame(merged.body.references, ['web:a', 'telegram:a']);
      const both = await balance('telegram:a');
      t.match(both, { user: 'telegram:a', available: 57, spent: 30, debt: 0 });
      t.match(both.grants, [
        { remaining: 30, expiresAt: soon },
        { remaining: 20, expiresAt: null },
        { remaining: 7, expiresAt: null },
      ]);
      const { items } = await get('/users/web:a/entries?kind=transfer');
      t.match(items, [{ kind: 'transfer', amount: 37, balanceAfter: 57 }]);
      await spend('telegram:a', 57);
      t.match(await balance('web:a'), { available: 0, spent: 87 });
      await sound(t);
    });

    t.test('refused: with itself, with nobody, and while something is reserved', async (t) => {
      t.match(await merge('web:a', 'telegram:a'), { status: 400, body: { errors: [{ field: 'from' }] } });
      t.match(await merge('web:a', 'web:a'), { status: 400 });
      t.match(await merge('web:a', 'web:nobody'), { status: 404, body: { code: 'unknown-user' } });
      await give('web:open', 5);
      const held = await post('/tokens/reserve', {
        user: 'web:open',
        operation: 'chatgpt_message',
        amount: 5,
      });
      const refused = await merge('web:a', 'web:open');
      t.match(refused, { status: 409, body: { code: 'open-reservations', open: 1 } });
      t.match(await balance('web:open'), { reserved: 5, total: 5 }, 'nothing has happened');
      const { reservationId } = held.body;
      t.equal((await merge('web:open', 'web:a')).status, 200, 'who stays may have some');
      t.match(await balance('web:a'), { reserved: 5, total: 5 });
      t.match(await post('/tokens/commit', { reservationId }), { status: 200, body: { amount: 5 } });
      await sound(t);
    });

    t.test('a settled reservation of the old user is read, and refunded to the merged one', async (t) => {
      await give('web:r1', 1);
      await pay('telegram:r1', 'r1', { tokens: 40 });
      const reservationId = await spend('telegram:r1', 30);
      await merge('web:r1', 'telegram:r1');
      const read = await get(`/tokens/reservations/${reservationId}`);
      t.match(read, { reservationId, status: 'committed', charged: 30, balance: { total: 11 } });
      const refunded = await post('/tokens/refund', { reservationId, amount: 12 });
      t.match(refunded, { status: 200, body: { refunded: 12, refundedTotal: 12, balance: { total: 23 } } });
      const { grants } = await balance('web:r1');
      t.ok(grants.some((one: Json) => one.source === 'refund' && one.remaining === 12));
      t.match(await post('/tokens/refund', { reservationId, amount: 19 }), { status: 409 });
      t.match(
        await post('/tokens/commit', { reservationId }),
        { status: 200, body: { amount: 30 } },
        'a repeat',
      );
      const back = await call('POST', '/payments/card/r1/refund');
      t.match(back, { status: 200, body: { revoked: 22, spent: 18 } });
      t.match(await post('/tokens/refund', { reservationId }), { status: 200, body: { refunded: 18 } });
      t.match(
        await balance('web:r1'),
        { total: 1, spent: 0 },
        'tokens of a refunded payment bring nothing back',
      );
      await sound(t);
    });

    t.test('keys move along and replay, and the merge does, too', async (t) => {
      await give('web:k', 1);
      const grant = { user: 'telegram:k', amount: 9, source: 'promo', reason: 'x' };
      const first = await post('/tokens/grant', grant, 'the key');
      const merged = await merge('web:k', 'telegram:k', 'merge key');
      const again = await post('/tokens/grant', grant, 'the key');
      t.equal(again.text, first.text);
      t.equal(again.headers['idempotency-replayed'], 'true');
      const twice = await merge('web:k', 'telegram:k', 'merge key');
      t.equal(twice.text, merged.text);
      t.match(await balance('web:k'), { total: 10 });
    });

    t.test('paid time: the higher tier runs, the other waits beneath it or behind it', async (t) => {
      await pay('web:p', 'p1', { tier: 'professional', months: 2 });
      await pay('telegram:p', 'p2', { tier: 'business', months: 1 });
      t.equal((await merge('web:p', 'telegram:p')).status, 200);
      const both = await balance('web:p');
      t.match(both, { tier: 'business', total: 12_000 });
      t.match(both.upcoming, [{ tier: 'professional', payment: { paymentId: 'p1' } }]);
      const back = await call('POST', '/payments/card/p2/refund');
      t.match(back, { status: 200, body: { revoked: 10_000, tier: 'professional' } });
      t.match(await balance('web:p'), {
        tier: 'professional',
        total: 2000,
        upcoming: [],
      });
      await sound(t);
    });

    t.test('the stricter block, the limits of who stays, and chains of three', async (t) => {
      for (const user of ['web:1', 'web:2', 'web:3']) await give(user, 10);
      const reservationId = await spend('web:1', 4);
      await call('PUT', '/users/web:1/block', { body: { blocked: true, reason: 'spam' } });
      await call('PUT', '/users/web:1/overrides', { body: { overdraft: 5, reason: 'x' } });
      await merge('web:2', 'web:1');
      t.match(await get('/users/web:2'), { blocked: { reason: 'spam' }, overrides: null });
      await merge('web:3', 'web:2');
      t.match(await balance('web:1'), { total: 26, spent: 4 });
      t.match(await post('/tokens/refund', { reservationId }), {
        status: 200,
        body: { balance: { total: 30 } },
      });
      await sound(t);
      t.equal((await call('DELETE', '/users/web:3?forfeit=true')).status, 204);
      t.match(await call('GET', `/tokens/reservations/${reservationId}`), { status: 404 });
      await sound(t);
    });
  });
}

t.test('user.merged is told, and the merged user’s events go on from the greater number', async (t) => {
  const { call, events } = await toldApp(t);
  const give = (user: string, key: string) =>
    call('POST', '/tokens/grant', {
      body: { user, amount: 5, source: 'promo', reason: 'x' },
      headers: { 'idempotency-key': key },
    });
  await give('web:a', 'a');
  for (const key of ['b', 'c', 'd']) await give('telegram:a', key);
  await call('POST', '/users/web:a/merge', { body: { from: 'telegram:a', reason: 'one' } });
  await give('telegram:a', 'e');
  const told: Json[] = await events('user=web:a&limit=100');
  t.match(
    told.map(({ type, sequence }) => [type, sequence]),
    [
      ['user.created', 1],
      ['tokens.granted', 2],
      ['user.created', 1],
      ['tokens.granted', 2],
      ['tokens.granted', 3],
      ['tokens.granted', 4],
      ['user.merged', 5],
      ['tokens.granted', 6],
    ],
  );
  t.match(told[6].data, { user: 'web:a', from: 'telegram:a', balance: { total: 20 } });
  const usage = (await call('GET', '/usage')).body.items;
  t.match(usage, [{ granted: 25, adjusted: 0 }], 'what moved was not given');
});
