/** `DELETE /users/{user}`: after it no table has a word about the user, and the ledger still adds up. */
import t from 'tap';
import { PostgresDeliveryQueue } from '../../src/stores/postgres/webhooks/delivery-queue.js';
import { tellEvents } from '../readers/tell-events.js';
import { BOTH } from '../support/databases.js';
import { rowsWith } from '../support/rows-with.js';
import { testApp } from '../support/test-app.js';

t.setTimeout(240_000);
/** In everything that is written of this user, so that it can be looked for. */
const WORD = 'zanzibar';
const USER = `web:${WORD}`;
const path = `/users/${USER}`;

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);
    const { call, services, clock } = await testApp(t, { store });
    const database = await store.open();
    let keys = 0;
    const post = (url: string, body: object) =>
      call('POST', url, {
        body,
        headers: { 'idempotency-key': `${WORD} ${++keys}`, 'x-farebox-reason': WORD },
      });
    const put = (url: string, body: object) => call('PUT', url, { body });
    const metadata = { note: WORD };
    const reserve = async (amount: number) =>
      (await post('/tokens/reserve', { user: USER, operation: 'chatgpt_message', amount, metadata })).body
        .reservationId as string;

    /** Every call that keeps something that was said of a user. */
    async function live(): Promise<void> {
      await put(path, { username: WORD, firstName: WORD, locale: WORD });
      await post(`${path}/references`, { reference: `telegram:${WORD}` });
      const grant = { user: USER, amount: 50, source: 'promo', reason: WORD, metadata };
      t.equal((await post('/tokens/grant', grant)).status, 201);
      const payment = { provider: 'card', user: USER, currency: 'XTR', amount: 9, metadata };
      await post('/payments', { ...payment, paymentId: 'p1', product: { tokens: 40 } });
      await post('/payments', { ...payment, paymentId: 'p2', product: { tier: 'professional', months: 2 } });
      await post('/payments/card/p1/refund', { tokens: 3 });
      const [one, two] = [await reserve(5), await reserve(5)];
      await post('/tokens/commit', { reservationId: one, amount: 4, metadata: { more: WORD } });
      await post('/tokens/refund', { reservationId: one, amount: 1, reason: WORD });
      await post('/tokens/refund', { reservationId: two, reason: WORD });
      await put(`${path}/block`, { blocked: true, reason: WORD });
      await put(`${path}/block`, { blocked: false, reason: WORD });
      await put(`${path}/overrides`, { overdraft: 7, reason: WORD });
      const limits = { user: USER, operation: 'chatgpt_message', cost: 1000 };
      await call('POST', '/limits/check', { body: limits });
      const written = { refused: services.refused, hits: services.hits };
      for (const one of Object.values(written)) await (one as unknown as { write(): Promise<void> }).write();
    }

    t.test('409 while something is reserved, and while tokens are left; 404 for nobody', async (t) => {
      await live();
      const held = await reserve(2);
      const open = await call('DELETE', `${path}?forfeit=true`);
      t.match(open, { status: 409, body: { code: 'open-reservations', open: 1 } });
      await post('/tokens/refund', { reservationId: held });
      t.match(await call('DELETE', path), { status: 409, body: { code: 'balance-left' } });
      t.match(await call('DELETE', `${path}?forfeit=false`), { status: 409 });
      t.match(await call('DELETE', `${path}?forfeit=1`), { status: 400 });
      t.match(await call('DELETE', '/users/web:nobody'), { status: 404, body: { code: 'unknown-user' } });
      t.equal((await call('GET', path)).status, 200, 'nothing has happened');
    });

    t.test('204: no row of any table has a word of it, and what is told later has none either', async (t) => {
      await call('POST', '/webhooks', { body: { url: 'https://example.com/' } });
      await tellEvents(database, clock);
      const { items } = (await call('GET', '/webhooks')).body;
      const queue = new PostgresDeliveryQueue(database, clock, 'test');
      await queue.lease();
      await queue.fill(items[0].id);
      // Not told yet when the user goes.
      await put(`${path}/block`, { blocked: true, reason: WORD });
      await put(`${path}/block`, { blocked: false, reason: WORD });
      t.ok((await rowsWith(database, WORD)).length > 5, 'it was there');
      const before = (await call('GET', '/events?limit=100')).body;
      const erased = await call('DELETE', `${path}?forfeit=true`, { headers: { 'x-farebox-reason': WORD } });
      t.equal(erased.status, 204, erased.text);
      t.strictSame(await rowsWith(database, WORD), []);
      await tellEvents(database, clock);
      await queue.fill(items[0].id);
      t.strictSame(await rowsWith(database, WORD), []);
      t.ok(before.items.length > 0);
      const after = await call('GET', '/events?limit=100');
      t.strictSame(after.body.items, [], 'nothing of it is told any more');
      const goneOn = await call('GET', `/events?after=${before.nextCursor}`);
      t.equal(goneOn.status, 200, 'and who reads the feed goes on');
    });

    t.test('the ledger keeps its figures, and they add up to nothing', async (t) => {
      const sums = await database.query<{ user_id: number; total: number; last: number }>(
        `select user_id, sum(amount)::bigint as total, (array_agg(balance_after order by id desc))[1] as last
         from entries group by user_id`,
      );
      t.match(sums, [{ total: 0, last: 0 }]);
      t.strictSame((await call('GET', '/audit')).body.mismatches, []);
      const sold = (await call('GET', '/payments/summary')).body.items;
      t.match(sold, [{ payments: 2, amount: 18, tokens: 2040 }], 'sales are as they were');
      const { items } = (await call('GET', '/payments')).body;
      t.match(items, [
        { user: null, paymentId: 'p2' },
        { user: null, paymentId: 'p1', metadata: null },
      ]);
      t.match(await post('/payments/card/p1/refund', { tokens: 1 }), { status: 404 });
      const log = (await call('GET', '/audit-log?action=eraseUser')).body.items;
      t.match(log, [{ action: 'eraseUser', user: null, reason: null, after: { balance: { total: 0 } } }]);
    });

    t.test('each reference names a new user, who has nothing of the old one', async (t) => {
      t.equal((await call('GET', path)).status, 404);
      const fresh = await put(path, {});
      t.match(fresh, {
        status: 201,
        body: { references: [USER], username: null, tier: 'gift', overrides: null },
      });
      t.match((await call('GET', `${path}/balance`)).body, { total: 0, spent: 0, grants: [] });
      t.strictSame((await call('GET', `${path}/entries`)).body.items, []);
      t.strictSame((await call('GET', `${path}/reservations`)).body.items, []);
      const telegram = await put(`/users/telegram:${WORD}`, {});
      t.match(telegram, { status: 201, body: { references: [`telegram:${WORD}`] } });
      const again = { provider: 'card', paymentId: 'p1', user: USER, product: { tokens: 40 } };
      const paid = await post('/payments', { ...again, currency: 'XTR', amount: 9 });
      t.match(paid, { status: 409, body: { code: 'payment-mismatch' } }, 'one payment is not credited twice');
    });

    t.test('who owes is forgotten with the debt, and needs no word for it', async (t) => {
      await put('/users/web:owes/overrides', { overdraft: 100, reason: 'x' });
      await post('/tokens/grant', { user: 'web:owes', amount: 1, source: 'promo', reason: 'x' });
      const held = await post('/tokens/reserve', {
        user: 'web:owes',
        operation: 'chatgpt_message',
        amount: 1,
      });
      await post('/tokens/commit', { reservationId: held.body.reservationId, amount: 31 });
      t.match((await call('GET', '/users/web:owes/balance')).body, { debt: 30 });
      t.equal((await call('DELETE', '/users/web:owes')).status, 204);
      t.strictSame((await call('GET', '/audit')).body.mismatches, []);
    });

    t.test('a history of pages goes whole, and one that was broken off is gone on with', async (t) => {
      await put('/users/web:long', {});
      const [{ user_id: userId } = { user_id: 0 }] = await database.query<{ user_id: number }>(
        `select user_id from user_references where reference = 'web:long'`,
      );
      await database.query(
        `insert into entries (user_id, kind, amount, balance_after, metadata, created_at)
         select $1, 'adjustment', 0, 0, '{"note":"${WORD} long"}', now() from generate_series(1, 5000)`,
        [userId],
      );
      t.equal((await call('DELETE', '/users/web:long')).status, 204);
      await services.erasures.clean(Number.POSITIVE_INFINITY);
      t.strictSame(await rowsWith(database, `${WORD} long`), []);
      const [count] = await database.query('select count(*)::integer as n from entries where user_id = $1', [
        userId,
      ]);
      t.strictSame(count, { n: 5000 });
      await database.query('update former_users set texts_left = true where user_id = $1', [userId]);
      t.equal(await services.erasures.clean(Number.POSITIVE_INFINITY), true, 'once more changes nothing');
    });
  });
}
