/** Rotation: a key is replaced without a moment in which neither, or a retry that acts twice. */
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { type Json, testApp } from '../support/test-app.js';

const DAY_MS = 86_400_000;
t.setTimeout(240_000);

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const { call, clock } = await testApp(t, { store: await fresh(t) });
    const make = async (wish: object = {}): Promise<Json> =>
      (await call('POST', '/api-keys', { body: { name: 'bot', scopes: ['grants', 'tokens'], ...wish } }))
        .body;
    const rotate = (id: string, body?: object) =>
      call('POST', `/api-keys/${id}/rotate`, body === undefined ? {} : { body });
    const status = async (key: string) => (await call('GET', '/tiers', { key })).status;
    const listed = async (id: string): Promise<Json> =>
      (await call('GET', '/api-keys?limit=100')).body.items.find((item: Json) => item.id === id);
    const inMs = (ms: number) => new Date(clock.now() + ms).toISOString();

    t.test('the new key may do the same, and both work until the grace is over', async (t) => {
      const old = await make();
      const made = await rotate(old.id, { graceSeconds: 60 });
      t.equal(made.status, 201);
      t.match(made.body, { name: 'bot', scopes: ['tokens', 'grants'], expiresAt: null, lastUsedAt: null });
      t.equal(made.headers['cache-control'], 'no-store', 'and no cache on the way may show it again');
      t.not(made.body.id, old.id);
      t.strictSame([await status(old.key), await status(made.body.key)], [200, 200]);
      t.ok((await listed(old.id)).expiresAt <= inMs(60_000));
      clock.offsetMs += 60_001;
      t.strictSame([await status(old.key), await status(made.body.key)], [401, 200]);
    });

    t.test('a day of grace where the call says nothing, and none where it says 0', async (t) => {
      const old = await make();
      const next = await rotate(old.id);
      t.equal(next.status, 201, 'without a body');
      const { expiresAt } = await listed(old.id);
      t.ok(expiresAt > inMs(DAY_MS - 60_000) && expiresAt <= inMs(DAY_MS), expiresAt);
      t.equal(await status(next.body.key), 200);
      t.equal((await rotate(next.body.id, { graceSeconds: 0 })).status, 201);
      t.equal(await status(next.body.key), 401, 'at once');
    });

    t.test('a retry that comes with the new key is a replay, through every rotation', async (t) => {
      const old = await make();
      const second = (await rotate(old.id)).body;
      const third = (await rotate(second.id)).body;
      const stranger = await make();
      const grant = (key: string) =>
        call('POST', '/tokens/grant', {
          body: { user: 'web:rotated', amount: 10, source: 'promo', reason: 'once' },
          headers: { 'idempotency-key': 'k' },
          key,
        });
      const first = await grant(old.key);
      t.equal(first.headers['idempotency-replayed'], undefined);
      for (const { key } of [second, third, old]) {
        const again = await grant(key);
        t.match(again, { status: 201, headers: { 'idempotency-replayed': 'true' } });
        t.equal(again.text, first.text, 'byte for byte');
      }
      t.equal((await grant(stranger.key)).headers['idempotency-replayed'], undefined, 'its keys are its own');
      t.match((await call('GET', '/users/web:rotated/balance')).body, { total: 20 });
    });

    t.test('no key outlives what it was made for by being rotated', async (t) => {
      const expiresAt = inMs(10 * DAY_MS);
      const old = await make({ expiresAt });
      t.equal((await rotate(old.id, { graceSeconds: 60 })).body.expiresAt, expiresAt);
      const again = await rotate(old.id, { graceSeconds: 3600 });
      t.equal(again.body.expiresAt, expiresAt, 'where the first answer was lost, it is rotated once more');
      t.ok((await listed(old.id)).expiresAt <= inMs(60_000), 'and its own grace is not longer for it');
      const short = await make({ expiresAt: inMs(60_000) });
      await rotate(short.id);
      t.ok((await listed(short.id)).expiresAt <= inMs(60_000));
    });

    t.test('a key that is unknown, revoked or over has no successor', async (t) => {
      const unknown = { status: 404, body: { code: 'unknown-api-key' } };
      t.match(await rotate('key_nobodys'), unknown);
      t.match(await rotate('settings'), unknown, 'nor has the one of the settings');
      const revoked = await make();
      await call('DELETE', `/api-keys/${revoked.id}`);
      t.match(await rotate(revoked.id), unknown);
      const over = await make({ expiresAt: inMs(1_000) });
      clock.offsetMs += 1_000;
      t.match(await rotate(over.id), unknown);
      t.match(await rotate('key_nobodys', { graceSeconds: -1 }), {
        status: 400,
        body: { errors: [{ field: 'graceSeconds' }] },
      });
    });

    t.test('without an answer it is rotated once more, also when its grace is over', async (t) => {
      const old = await make();
      t.equal((await rotate(old.id, { graceSeconds: 0 })).status, 201);
      t.equal(await status(old.key), 401);
      const again = await rotate(old.id, { graceSeconds: 0 });
      t.equal(await status(again.body.key), 200);
      t.equal(await status(old.key), 401, 'which gives it no second life');
    });

    t.test('of rotations at the same time each makes a key that works', async (t) => {
      const old = await make();
      const made = await Promise.all(Array.from({ length: 8 }, () => rotate(old.id)));
      t.strictSame(new Set(made.map((one) => one.status)), new Set([201]));
      for (const one of made) t.equal(await status(one.body.key), 200);
    });
  });
}
