import t from 'tap';
import { BOTH } from '../support/databases.js';
import { testApp } from '../support/test-app.js';

t.setTimeout(120_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);
    const { call, keyWith, clock, services } = await testApp(t, { store });

    /** A new user with 100 tokens. */
    const user = async (name: string) => {
      const body = { user: name, amount: 100, source: 'promo', reason: 'test' };
      const given = await call('POST', '/tokens/grant', { body, headers: { 'idempotency-key': 'give' } });
      t.equal(given.status, 201);
      return name;
    };
    const reserve = async (user: string, amount = 5, more: object = {}) =>
      (
        await call('POST', '/tokens/reserve', {
          body: { user, operation: 'chatgpt_message', amount, ...more },
        })
      ).body;
    const read = (id: string) => call('GET', `/tokens/reservations/${id}`);

    t.test('an open one reads as reserve said, plus what came since', async (t) => {
      const held = await reserve(await user('web:open'), 5, { metadata: { z: 1, a: 2 } });
      const answer = await read(held.reservationId);
      t.equal(answer.status, 200);
      t.strictSame(answer.body, {
        ...held,
        createdAt: answer.body.createdAt,
        settledAt: null,
        charged: 0,
        refundedTotal: 0,
        uncollected: 0,
        late: false,
        metadata: { z: 1, a: 2 },
      });
      t.equal(Date.parse(held.expiresAt) - Date.parse(answer.body.createdAt), 300_000);
      t.match(answer.text, '"metadata":{"z":1,"a":2}', 'as it was given, its order too');
    });

    t.test('a committed one shows its charge, what could not be had, and what was given back', async (t) => {
      const { reservationId } = await reserve(await user('web:commit'), 60);
      await call('POST', '/tokens/commit', { body: { reservationId, amount: 130 } });
      const committed = await read(reservationId);
      t.match(committed.body, { status: 'committed', charged: 100, uncollected: 30, late: false });
      t.match(committed.body, { settledAt: String, balance: { available: 0, reserved: 0, total: 0 } });
      await call('POST', '/tokens/refund', { body: { reservationId, amount: 40 } });
      const refunded = (await read(reservationId)).body;
      t.match(refunded, { status: 'committed', charged: 100, refundedTotal: 40, balance: { total: 40 } });
      t.equal(refunded.affordable.chatgpt_message, 8);
    });

    t.test('a released one has given back its whole hold', async (t) => {
      const { reservationId } = await reserve(await user('web:release'), 9);
      await call('POST', '/tokens/refund', { body: { reservationId } });
      t.match((await read(reservationId)).body, { status: 'refunded', charged: 0, refundedTotal: 9 });
    });

    t.test('one past its end is expired, though nobody swept', async (t) => {
      const name = await user('web:expire');
      const { reservationId, expiresAt } = await reserve(name, 9, { ttlSeconds: 60 });
      clock.offsetMs += 60_000;
      const answer = (await read(reservationId)).body;
      t.match(answer, { status: 'expired', settledAt: expiresAt, charged: 0, balance: { available: 100 } });
      const listed = (await call('GET', `/users/${name}/reservations?status=expired`)).body;
      t.strictSame(listed.items, [answer]);
      t.strictSame((await call('GET', `/users/${name}/reservations?status=open`)).body.items, []);
    });

    t.test('a made-up id, a foreign one and a user that is none are 404', async (t) => {
      const { reservationId } = await reserve(await user('web:id'));
      const bytes = Buffer.from(reservationId.slice(4), 'base64url');
      bytes.writeBigUInt64BE(999_999n, 0);
      for (const id of ['rsv_x', 'x', `rsv_${bytes.toString('base64url')}`, `${reservationId}A`]) {
        t.match(await read(id), { status: 404, body: { code: 'unknown-reservation' } }, id);
      }
    });

    t.test('the list is newest first, whole over its pages, and by status', async (t) => {
      const name = await user('web:list');
      const ids: string[] = [];
      for (let i = 0; i < 7; i++) ids.unshift((await reserve(name)).reservationId);
      await call('POST', '/tokens/commit', { body: { reservationId: ids[0] } });
      await call('POST', '/tokens/refund', { body: { reservationId: ids[1] } });
      const seen: string[] = [];
      let cursor = '';
      do {
        const page = (await call('GET', `/users/${name}/reservations?limit=3${cursor}`)).body;
        seen.push(...page.items.map((item: { reservationId: string }) => item.reservationId));
        cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : '';
      } while (cursor);
      t.strictSame(seen, ids);
      for (const [status, count] of Object.entries({ open: 5, committed: 1, refunded: 1, expired: 0 })) {
        const { items } = (await call('GET', `/users/${name}/reservations?status=${status}`)).body;
        t.equal(items.length, count, status);
        t.ok(items.every((item: { status: string }) => item.status === status));
      }
      t.equal((await call('GET', `/users/${name}/reservations?status=closed`)).status, 400);
      const bad = await call('GET', `/users/${name}/reservations?cursor=x`);
      t.match(bad, { status: 400, body: { errors: [{ field: 'cursor' }] } });
      const odd = Buffer.from("reservation:' or 1=1").toString('base64url');
      t.equal((await call('GET', `/users/${name}/reservations?cursor=${odd}`)).status, 400);
    });

    t.test('each names the user as reserve did; the list is the same by every name', async (t) => {
      const name = await user('web:two');
      await call('POST', `/users/${name}/references`, { body: { reference: 'telegram:two' } });
      await reserve('telegram:two');
      const { items } = (await call('GET', `/users/${name}/reservations`)).body;
      t.equal(items[0].user, 'telegram:two');
      t.strictSame((await call('GET', '/users/telegram:two/reservations')).body.items, items);
    });

    t.test('scopes: one by tokens; the list by users or tokens', async (t) => {
      const { reservationId } = await reserve(await user('web:scope'));
      const [tokens, users] = [await keyWith('tokens'), await keyWith('users')];
      const one = `/tokens/reservations/${reservationId}`;
      t.equal((await call('GET', one, { key: tokens })).status, 200);
      t.equal((await call('GET', one, { key: users })).status, 403);
      t.equal((await call('GET', '/users/web:scope/reservations', { key: users })).status, 200);
      t.equal((await call('GET', '/users/web:scope/reservations', { key: tokens })).status, 200);
    });

    t.test('a read where nothing is due opens no transaction', async (t) => {
      const { reservationId } = await reserve(await user('web:cheap'));
      let slow = 0;
      const { withAccount } = services.ledger;
      services.ledger.withAccount = (...call) => {
        slow += 1;
        return withAccount.apply(services.ledger, call) as never;
      };
      t.teardown(() => {
        services.ledger.withAccount = withAccount;
      });
      await read(reservationId);
      t.equal(slow, 0);
    });
  });
}
