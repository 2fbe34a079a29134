/** While the database is away, and after it. */
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { routes } from '../../src/http/routes.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { cableTo } from '../support/cut-cable.js';
import { createTestDatabase, usualWay } from '../support/postgres-template.js';
import { testApp } from '../support/test-app.js';

/** These answer from memory, or tell that they cannot in a way of their own. */
const NEEDS_NONE = /^GET (\/livez|\/(tiers|operations|packs)(\/:\w+)?)$/;
const OPERATION = 'image_generation';
const TIER = { name: 'T', monthlyTokens: 0, overdraft: 0, maxOpenReservations: null, requiresChannel: false };

/** A body for every call that takes one; `user` is new to the process, so that it must be looked up. */
function bodies(user: string, reservationId: string): Record<string, object> {
  const named = { user, operation: OPERATION };
  return {
    'POST /limits/check': named,
    'POST /limits/undo': { ...named, checkId: 'x' },
    'POST /tokens/reserve': { ...named, amount: 0, checkLimits: true },
    'POST /tokens/commit': { reservationId, amount: 3 },
    'POST /tokens/refund': { reservationId },
    'POST /tokens/extend': { reservationId, ttlSeconds: 900 },
    'POST /tokens/quote': named,
    'POST /tokens/grant': { user, amount: 7, source: 'promo', reason: 'test' },
    'PUT /tiers/:tier': { ...TIER, prices: [], policies: [], features: [], position: 9 },
    'PUT /operations/:operation': { name: 'O', price: 1 },
    'PUT /packs/:pack': { name: 'P', tokens: 1, prices: [] },
    'PUT /users/:user': { username: 'x' },
    'POST /users/:user/references': { reference: `${user}-too` },
    'PUT /users/:user/tier': { tier: 'professional' },
    'PUT /users/:user/channel-subscription': { subscribed: true },
    'POST /payments': {
      ...{ provider: 'test', paymentId: user, user, product: { tokens: 5 }, currency: 'XTR', amount: 1 },
    },
    'POST /api-keys': { name: 'x', scopes: ['limits'] },
    'POST /test-clock': { advanceSeconds: 0 },
  };
}

t.setTimeout(180_000);
t.test(
  'the database away: every call that needs it is 503 in bounded time, and works again after',
  async (t) => {
    const cable = await cableTo(t, await createTestDatabase(t));
    const database = openPostgres({ url: cable.url, preparedStatements: usualWay() === 'direct' });
    t.teardown(() => database.close());
    const { call, services, keyWith } = await testApp(t, {
      store: { kind: 'postgres', open: async () => database },
    });
    const table = routes(services).filter(({ method, url }) => !NEEDS_NONE.test(`${method} ${url}`));
    const holder = 'web:holder';
    const headersOf = (key: string) => ({ 'idempotency-key': key });
    const grant = { user: holder, amount: 100, source: 'promo', reason: 'test' };
    await call('POST', '/tokens/grant', { body: grant, headers: headersOf('start') });
    const hold = { user: holder, operation: OPERATION };
    const held = (await call('POST', '/tokens/reserve', { body: hold })).body.reservationId;
    const book = async () => {
      const { accounts, entries, mismatches } = (await call('GET', '/audit')).body;
      const { total, reserved } = (await call('GET', `/users/${holder}/balance`)).body;
      return { accounts, entries, mismatches, total, reserved };
    };

    /** Every route of the table at once: what one of them waits for must not hold up another. */
    const everyCall = (name: string) =>
      Promise.all(
        table.map(async ({ method, url }) => {
          const user = `web:${name}`;
          const route = `${method} ${url}`;
          const path = url
            .replace(':user', encodeURIComponent(user))
            .replace(':id', url.startsWith('/api') ? 'key_x' : held);
          const answer = await call(method as 'GET', path.replace(/:\w+/g, 'x1'), {
            body: bodies(user, held)[route],
            headers: headersOf(route),
          });
          return { route, ...answer };
        }),
      );
    const allAway = async (t: Test, name: string) => {
      for (const { route, status, headers, body } of await everyCall(name)) {
        t.match({ status, code: body?.code }, { status: 503, code: 'unavailable' }, route);
        t.match(headers, { 'retry-after': /^\d+$/, 'content-type': /^application\/problem\+json/ }, route);
      }
    };

    /** PgBouncer, where it is in between, asks for the server again when its server_login_retry is over. */
    const mended = async () => {
      cable.mend();
      if (usualWay() === 'direct') return;
      while ((await call('GET', `/users/${holder}/balance`)).status !== 200) await sleep(100);
    };

    const before = await book();
    const stored = await keyWith('admin');

    t.test('cut off', async (t) => {
      cable.cut();
      await allAway(t, 'cut');
      const unread = await call('GET', '/tiers', { key: stored });
      t.match(unread, { status: 503, body: { code: 'unavailable' } }, 'who calls cannot be told: not a 401');
      for (const path of ['/livez', '/tiers', '/tiers/gift', '/operations', '/packs']) {
        t.equal((await call('GET', path)).status, 200, `${path} needs no database`);
      }
    });

    t.test('back: nothing was half done, and the same calls work', async (t) => {
      await mended();
      t.strictSame(await book(), before);
      t.equal((await call('GET', '/tiers', { key: stored })).status, 200);
      t.equal((await call('GET', '/readyz')).status, 200);
    });

    t.test('not answering any more', async (t) => {
      cable.hang();
      await allAway(t, 'hung');
    });

    t.test('back again: each call goes through, once', async (t) => {
      await mended();
      t.strictSame(await book(), before);
      for (const { route, status } of await everyCall('back')) t.ok(status < 500, `${route}: ${status}`);
      t.match(await book(), { mismatches: [] });
    });
  },
);
