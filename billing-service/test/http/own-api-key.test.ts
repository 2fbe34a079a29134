/** What a key can learn of itself, and what an operator can see of its use. */
import t from 'tap';
import { until } from '../../../common/test/support/until.js';
import { BOTH } from '../support/databases.js';
import { type Json, testApp } from '../support/test-app.js';

const HOUR_MS = 3_600_000;
t.setTimeout(240_000);

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const { call, clock, services } = await testApp(t, { store: await fresh(t) });
    const make = async (): Promise<Json> =>
      (await call('POST', '/api-keys', { body: { name: 'bot', scopes: ['limits'] } })).body;
    const listed = async (id: string): Promise<Json> =>
      (await call('GET', '/api-keys?limit=100')).body.items.find((item: Json) => item.id === id);

    t.test('a key sees of itself what the list shows of it, whatever its scopes', async (t) => {
      const { key, ...shown } = await make();
      const own = await call('GET', '/api-keys/me', { key });
      t.equal(own.status, 200);
      t.strictSame(own.body, { ...shown, providers: null });
      t.notMatch(own.text, key);
    });

    t.test('the key of the settings has no row, and sees itself all the same', async (t) => {
      const own = await call('GET', '/api-keys/me');
      t.match(own, { status: 200, body: { id: 'settings', name: 'ADMIN_API_KEY', scopes: ['admin'] } });
      t.match(own.body, { prefix: null, createdAt: null, expiresAt: null, lastUsedAt: null });
    });

    t.test('a key that was revoked a moment ago is told so', async (t) => {
      const { key, id } = await make();
      t.equal((await call('GET', '/api-keys/me', { key })).status, 200);
      const find = services.apiKeys.find.bind(services.apiKeys);
      services.apiKeys.find = async (asked) => {
        await call('DELETE', `/api-keys/${id}`);
        return find(asked);
      };
      t.match(await call('GET', '/api-keys/me', { key }), { status: 401, body: { code: 'unauthorized' } });
      services.apiKeys.find = find;
    });

    t.test('its last use is shown, to the hour', async (t) => {
      const { key, id } = await make();
      t.equal((await listed(id)).lastUsedAt, null);
      const use = async () => t.equal((await call('GET', '/tiers', { key })).status, 200);
      const before = clock.now();
      await use();
      const isShown = async (after: number) => Date.parse((await listed(id)).lastUsedAt) >= after;
      t.ok(await until(() => isShown(before)), 'it is written soon after');

      let writes = 0;
      const mark = services.apiKeys.markUsed.bind(services.apiKeys);
      services.apiKeys.markUsed = async (ids, now) => {
        writes += 1;
        return mark(ids, now);
      };
      const readAgain = async () => {
        services.bus.publish({ kind: 'api_key', id });
        await use();
      };
      clock.offsetMs += HOUR_MS / 2;
      for (let i = 0; i < 5; i++) await readAgain();
      clock.offsetMs += HOUR_MS / 2;
      const hourLater = clock.now();
      for (let i = 0; i < 5; i++) await readAgain();
      t.ok(await until(() => isShown(hourLater)), 'an hour later it is written again');
      t.equal(writes, 1, 'and once');
    });

    t.test(
      'where it cannot be written, the call does not hear of it, and the next read tries again',
      async (t) => {
        const { key, id } = await make();
        const mark = services.apiKeys.markUsed.bind(services.apiKeys);
        let failed = 0;
        services.apiKeys.markUsed = async () => {
          failed += 1;
          throw new Error('read-only');
        };
        t.equal((await call('GET', '/tiers', { key })).status, 200);
        t.ok(await until(() => failed > 0));
        services.apiKeys.markUsed = mark;
        services.bus.publish({ kind: 'api_key', id });
        t.equal((await call('GET', '/tiers', { key })).status, 200);
        t.ok(await until(async () => (await listed(id)).lastUsedAt !== null));
      },
    );

    t.test('an expired key is not in use', async (t) => {
      const expiresAt = new Date(clock.now() + 1_000).toISOString();
      const { body } = await call('POST', '/api-keys', {
        body: { name: 'x', scopes: ['limits'], expiresAt },
      });
      clock.offsetMs += 1_000;
      t.equal((await call('GET', '/tiers', { key: body.key })).status, 401);
      const other = await make();
      await call('GET', '/tiers', { key: other.key });
      t.ok(await until(async () => (await listed(other.id)).lastUsedAt !== null));
      t.equal((await listed(body.id)).lastUsedAt, null);
    });
  });
}
