/** Two and four instances behind HAProxy (deploy/haproxy.cfg) on one Postgres and one Redis are one service. */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { LONG_MS, until } from '../../../common/test/support/until.js';
import { reservingAtOnce } from '../concurrency/reserving-at-once.js';
import { PrivateRedis } from '../stores/redis/private-redis.js';
import { type Answer, callService, type Instances } from '../support/instances.js';
import { createTestDatabase } from '../support/postgres-template.js';
import { startHaproxy } from '../support/start-haproxy.js';
import { PROGRAM_ADMIN_KEY, type RunningService, startService } from '../support/start-service.js';
import { whereFound } from '../support/test-environment.js';

const INSTANCES = 4;
const REVOKED_WITHIN_MS = 5_000;
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
t.setTimeout(180_000);

t.test('behind HAProxy', whereFound('TEST_HAPROXY', 'haproxy'), async (t) => {
  const redis = await PrivateRedis.start();
  t.teardown(() => redis.stop());
  const settings = { DATABASE_URL: await createTestDatabase(t), REDIS_URL: redis.url };
  const services = await Promise.all(range(INSTANCES).map(() => startService(t, settings)));
  const urls = services.map(({ url }) => url);
  const [two, four] = [await startHaproxy(t, urls.slice(0, 2)), await startHaproxy(t, urls)];
  const call =
    (url: string, key = PROGRAM_ADMIN_KEY): Instances['call'] =>
    (_i, method, path, body, headers = {}) =>
      callService(url, method, path, body, { authorization: `Bearer ${key}`, ...headers });

  for (const [name, url] of Object.entries({ two, four })) {
    await t.test(`${name} instances: reserving at once`, async (t) => {
      reservingAtOnce(t, { call: call(url), warnings: [] }, name);
    });
  }

  await t.test('a key revoked at one instance is dead at all of them within 5 s', async (t) => {
    const admin = call(four);
    const made = (await admin(0, 'POST', '/api-keys', { name: 'x', scopes: ['tokens'] })).body;
    const statusAt = async (url: string) => (await call(url, made.key)(0, 'GET', '/tiers')).status;
    t.same(await Promise.all(urls.map(statusAt)), [200, 200, 200, 200]);
    t.equal((await admin(0, 'DELETE', `/api-keys/${made.id}`)).status, 204);
    const deadline = Date.now() + REVOKED_WITHIN_MS;
    // The last are asked when the time is over, however busy the machine is.
    let [statuses, isLast] = [[200], false];
    while (statuses.includes(200) && !isLast) {
      isLast = Date.now() >= deadline;
      statuses = await Promise.all(urls.map(statusAt));
    }
    t.same(statuses, [401, 401, 401, 401]);
  });

  await t.test(
    'an instance dies by kill -9: what was answered stands, retries charge nothing twice',
    async (t) => {
      const [victim] = services as [RunningService];
      const send = retrying(call(four));
      await send(
        '/tokens/grant',
        { user: 'web:dies', amount: 10_000, source: 'promo', reason: 'test' },
        'grant',
      );
      let answered = 0;
      const lives = range(40).map(async (worker) => {
        const reservationIds: string[] = [];
        for (const n of range(10)) {
          const body = { user: 'web:dies', operation: 'chatgpt_message' };
          const held = await send('/tokens/reserve', body, `reserve ${worker} ${n}`);
          t.equal(held.status, 201, held.text);
          const { reservationId } = held.body;
          reservationIds.push(reservationId);
          if (n % 2) await send('/tokens/commit', { reservationId }, `commit ${worker} ${n}`);
          if (++answered === 100) await victim.kill9();
        }
        return reservationIds;
      });
      const ids = (await Promise.all(lives)).flat();
      t.equal(new Set(ids).size, 400, 'every deed has a reservation of its own');
      const { body } = await call(four)(0, 'GET', '/users/web:dies/balance');
      t.match(body, { reserved: 200 * 5, total: 10_000 - 200 * 5, spent: 200 * 5 });
      for (const id of [ids[0], ids[399]]) {
        t.equal((await call(four)(0, 'GET', `/tokens/reservations/${id}`)).status, 200);
      }
      t.same((await call(four)(0, 'GET', '/audit')).body.mismatches, []);
      t.ok(await until(() => redispatched(four)), 'HAProxy has left the dead one out');
    },
  );
});

type Send = (path: string, body: object, key: string) => Promise<Answer>;

/** As README tells callers to: no answer, or 5xx, is sent again, the same. */
function retrying(call: Instances['call']): Send {
  return async (path, body, key) => {
    for (const end = Date.now() + LONG_MS; ; await sleep(50)) {
      const answer = await call(0, 'POST', path, body, { 'idempotency-key': key }).catch(() => undefined);
      if (answer !== undefined && answer.status < 500) return answer;
      if (Date.now() > end) throw new Error(`no answer to ${key} in ${LONG_MS} ms`);
    }
  };
}

/** Twenty calls in a row without a hitch. */
async function redispatched(url: string): Promise<boolean> {
  const answers = await Promise.all(range(20).map(() => fetch(`${url}/readyz`)));
  return answers.every(({ status }) => status === 200);
}
