/** While the database is away, and after it. */
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { LONG_MS } from '../../../common/test/support/until.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { cableTo } from '../support/cut-cable.js';
import { everyCall, OPERATION } from '../support/every-call.js';
import { createTestDatabase, usualWay } from '../support/postgres-template.js';
import { testApp } from '../support/test-app.js';

/** These answer from memory, or tell that they cannot in a way of their own. */
const NEEDS_NONE = /^GET (\/livez|\/service|\/api-keys\/me|\/(tiers|operations|packs)(\/:\w+)?)$/;
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
    const needs = (route: string) => !NEEDS_NONE.test(route);
    const walk = everyCall({ services, call }, needs);
    /** What a busy machine refuses for the moment is sent again, the same. */
    const asCallersDo: typeof call = async (...request) => {
      for (const end = performance.now() + LONG_MS; ; await sleep(200)) {
        const answer = await call(...request);
        if (answer.status !== 503 || performance.now() > end) return answer;
      }
    };
    const patientWalk = everyCall({ services, call: asCallersDo }, needs);
    const holder = 'web:holder';
    const grant = { user: holder, amount: 100, source: 'promo', reason: 'test' };
    await call('POST', '/tokens/grant', { body: grant, headers: { 'idempotency-key': 'start' } });
    const hold = { user: holder, operation: OPERATION };
    const held = (await call('POST', '/tokens/reserve', { body: hold })).body.reservationId;
    const book = async () => {
      const { accounts, entries, mismatches } = (await call('GET', '/audit')).body;
      const { total, reserved } = (await call('GET', `/users/${holder}/balance`)).body;
      return { accounts, entries, mismatches, total, reserved };
    };

    const allAway = async (t: Test, name: string) => {
      for (const { route, status, headers, body } of await walk(`web:${name}`, held)) {
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
      for (const path of ['/livez', '/service', '/tiers', '/tiers/gift', '/operations', '/packs']) {
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
      for (const { route, status } of await patientWalk('web:back', held))
        t.ok(status < 500, `${route}: ${status}`);
      t.match(await book(), { mismatches: [] });
    });
  },
);
