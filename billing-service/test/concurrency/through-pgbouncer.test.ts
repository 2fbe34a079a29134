/** A slice of everything through PgBouncer in transaction mode; `npm test -- --pgbouncer` sends the whole suite. */
import t from 'tap';
import { startInstances } from '../support/instances.js';
import { ownRedisUrl } from '../support/own-redis.js';
import { createEmptyDatabase } from '../support/postgres-template.js';
import { PROGRAM_ADMIN_KEY, startService } from '../support/start-service.js';
import { whereFound } from '../support/test-environment.js';
import { reservingAtOnce } from './reserving-at-once.js';

const MONTH_MS = 31 * 24 * 60 * 60 * 1000;
t.setTimeout(120_000);

t.test('through PgBouncer: reserving at once', whereFound('TEST_POOLER_URL', 'pgbouncer'), async (t) => {
  reservingAtOnce(t, await startInstances(t, 2, 'pooler'));
});

t.test(
  'through PgBouncer: months renew once, with two sweepers and readers at once',
  whereFound('TEST_POOLER_URL', 'pgbouncer'),
  async (t) => {
    const { call, clock, sweepers, warnings } = await startInstances(t, 2, 'pooler');
    const users = Array.from({ length: 10 }, (_, i) => `web:renews-${i}`);
    for (const user of users)
      await call(0, 'PUT', `/users/${user}/tier`, { tier: 'professional', months: 3 });
    for (const month of [1, 2]) {
      clock.offsetMs += MONTH_MS;
      const balances = users.flatMap((user) => [0, 1].map((i) => call(i, 'GET', `/users/${user}/balance`)));
      const answers = await Promise.all([...balances, ...sweepers.map((sweeper) => sweeper.runOnce())]);
      for (const answer of answers.slice(0, balances.length)) {
        t.match(answer, { status: 200, body: { tier: 'professional', total: 2000 } }, `month ${month}`);
      }
    }
    const kinds = (await call(0, 'GET', `/users/${users[0]}/entries`)).body.items.map(
      ({ kind, amount }: { kind: string; amount: number }) => `${kind} ${amount}`,
    );
    t.same(kinds, ['grant 2000', 'expiry -2000', 'grant 2000', 'expiry -2000', 'grant 2000']);
    t.same((await call(0, 'GET', '/audit')).body.mismatches, []);
    t.same(warnings, []);
  },
);

t.test(
  'through PgBouncer: a whole life, and each step again with its key',
  whereFound('TEST_POOLER_URL', 'pgbouncer'),
  async (t) => {
    const { call } = await startInstances(t, 2, 'pooler');
    const user = 'web:life';
    const steps: [path: string, body: object][] = [
      ['/tokens/grant', { user, amount: 100, source: 'promo', reason: 'test' }],
      [
        '/payments',
        { provider: 'p', paymentId: '1', user, product: { tokens: 50 }, currency: 'XTR', amount: 1 },
      ],
      ['/tokens/reserve', { user, operation: 'chatgpt_message' }],
    ];
    let reservationId = '';
    const twice = async (path: string, body: object) => {
      const key = { 'idempotency-key': `key of ${path}` };
      const [first, again] = [await call(0, 'POST', path, body, key), await call(1, 'POST', path, body, key)];
      t.ok(first.status < 300, `${path}: ${first.text}`);
      t.equal(again.text, first.text);
      reservationId = first.body.reservationId ?? reservationId;
    };
    for (const [path, body] of steps) await twice(path, body);
    for (const path of ['/tokens/extend', '/tokens/commit', '/tokens/refund']) {
      await twice(path, { reservationId, ...(path === '/tokens/extend' ? { ttlSeconds: 600 } : {}) });
    }
    t.match(await call(0, 'GET', `/users/${user}/balance`), { body: { total: 150, reserved: 0, spent: 0 } });
  },
);

t.test(
  'through PgBouncer: two programs that start at once make the tables once',
  whereFound('TEST_POOLER_URL', 'pgbouncer'),
  async (t) => {
    const settings = {
      DATABASE_URL: await createEmptyDatabase(t, 'pooler'),
      PG_PREPARED: 'false',
      REDIS_URL: ownRedisUrl(),
    };
    const programs = await Promise.all([startService(t, settings), startService(t, settings)]);
    const headers = { authorization: `Bearer ${PROGRAM_ADMIN_KEY}`, 'content-type': 'application/json' };
    for (const { url } of programs) {
      const body = JSON.stringify({ user: 'web:first', operation: 'chatgpt_message' });
      t.equal((await fetch(`${url}/tokens/reserve`, { method: 'POST', headers, body })).status, 402);
      t.equal((await fetch(`${url}/readyz`)).status, 200);
    }
    for (const program of programs) t.same(await program.stop(), { code: 0, signal: null });
  },
);
