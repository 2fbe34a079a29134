/** An operator's stop on one user: nothing begins, and what was begun goes on. */
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { type Json, testApp } from '../support/test-app.js';

t.setTimeout(240_000);
const USER = 'web:blocked';
const operation = 'chatgpt_message';

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const { call, clock } = await testApp(t, { store: await fresh(t) });
    const block = (body: object, user = USER) => call('PUT', `/users/${user}/block`, { body });
    const check = (more: object = {}) =>
      call('POST', '/limits/check', { body: { user: USER, operation, ...more } });
    const reserve = (more: object = {}, headers: Record<string, string> = {}) =>
      call('POST', '/tokens/reserve', { body: { user: USER, operation, ...more }, headers });
    const balance = async (): Promise<Json> => (await call('GET', `/users/${USER}/balance`)).body;
    const grant = (key: string) =>
      call('POST', '/tokens/grant', {
        body: { user: USER, amount: 100, source: 'promo', reason: 'x' },
        headers: { 'idempotency-key': key },
      });
    const refused = { status: 403, body: { code: 'user-blocked', status: 403, reason: 'sent spam' } };

    await grant('first');
    const keyed = await reserve({}, { 'idempotency-key': 'before' });
    const held = (await reserve()).body;
    const other = (await reserve()).body;
    await reserve();
    const remaining = (await check({ peek: true })).body.remaining;

    t.test('blocked: who, why, since when', async (t) => {
      const at = new Date(clock.now()).toISOString();
      const blocked = await block({ blocked: true, reason: 'sent spam' });
      t.match(blocked, { status: 200, body: { user: USER, blocked: { reason: 'sent spam' } } });
      t.ok(blocked.body.blocked.at >= at);
      t.strictSame((await call('GET', `/users/${USER}`)).body, blocked.body);
      clock.offsetMs += 1_000;
      const again = await block({ blocked: true, reason: 'sent spam' });
      t.equal(again.body.blocked.at, blocked.body.blocked.at, 'blocked again, it is since the first time');
    });

    t.test('nothing begins, and nothing is counted or held', async (t) => {
      t.match(await check(), refused);
      t.match(await check({ peek: true }), refused);
      t.match(await reserve(), refused);
      t.match(await reserve({ checkLimits: true }), refused);
      t.match(await reserve({ amount: 10 ** 6 }), refused, 'before 402');
      t.match((await reserve({ operation: 'nothing' })).body, { code: 'unknown-operation' }, 'after 404');
      t.match(await balance(), { available: 80, reserved: 20 });
    });

    t.test('what was answered before is answered again', async (t) => {
      const again = await reserve({}, { 'idempotency-key': 'before' });
      t.match(again, { status: 201, headers: { 'idempotency-replayed': 'true' } });
      t.equal(again.text, keyed.text);
      const fresh = await reserve({}, { 'idempotency-key': 'new' });
      t.match(fresh, refused);
    });

    t.test('what was begun goes on, and so does what gives', async (t) => {
      const post = async (path: string, body: object) => (await call('POST', path, { body })).status;
      t.equal(await post('/tokens/quote', { user: USER, operation }), 200);
      t.equal(await post('/tokens/extend', { reservationId: held.reservationId, ttlSeconds: 600 }), 200);
      t.equal(await post('/tokens/commit', { reservationId: held.reservationId }), 200);
      t.equal(await post('/tokens/refund', { reservationId: held.reservationId }), 200);
      t.equal(await post('/tokens/refund', { reservationId: other.reservationId }), 200);
      t.equal(await post('/limits/undo', { user: USER, operation, checkId: 'c' }), 200);
      t.equal((await grant('second')).status, 201);
      const payment = { provider: 'x', paymentId: 'p', user: USER, currency: 'XTR', amount: 1 };
      t.equal(await post('/payments', { ...payment, product: { tokens: 50 } }), 201);
      t.match(await balance(), { total: 250, reserved: 10 });
    });

    t.test('found among users, by search and by tier too', async (t) => {
      await call('PUT', '/users/web:bystander', { body: {} });
      const find = async (query: string): Promise<string[]> => {
        const answer = await call('GET', `/users?${query}`);
        t.equal(answer.status, 200, query);
        return answer.body.items.map((item: Json) => item.user);
      };
      t.strictSame(await find('blocked=true'), [USER]);
      t.strictSame(await find('blocked=false'), ['web:bystander']);
      t.strictSame(await find('blocked=true&search=web:&tier=gift'), [USER]);
      t.strictSame(await find('blocked=false&search=web:b'), ['web:bystander']);
      t.strictSame(await find('blocked=true&tier=business'), []);
      t.match(await call('GET', '/users?blocked=yes'), {
        status: 400,
        body: { errors: [{ field: 'blocked' }] },
      });
    });

    t.test('unblocked, the user acts again; the limits know of nothing between', async (t) => {
      t.match(await block({ blocked: false }), { status: 200, body: { blocked: null } });
      t.equal((await check({ peek: true })).body.remaining, remaining);
      t.equal((await check()).status, 200);
      t.equal((await reserve({ checkLimits: true })).status, 201);
    });

    t.test('to block needs a reason; a user whom nobody knew can be blocked', async (t) => {
      t.match(await block({ blocked: true }), {
        status: 400,
        body: { errors: [{ field: 'reason', message: 'is needed to block a user' }] },
      });
      for (const reason of ['', 'x'.repeat(501), 'a\nb'])
        t.match(await block({ blocked: true, reason }), {
          status: 400,
          body: { errors: [{ field: 'reason' }] },
        });
      t.equal((await block({ blocked: true, reason: 'x'.repeat(500) }, 'web:unseen')).status, 200);
      const stranger = await call('POST', '/limits/check', { body: { user: 'web:unseen', operation } });
      t.match(stranger, { status: 403, body: { reason: 'x'.repeat(500) } });
    });
  });
}
