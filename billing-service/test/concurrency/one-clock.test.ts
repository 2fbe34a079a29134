/** Two instances on one Postgres and one Redis; the machine of the second one is ten minutes ahead. */
import t from 'tap';
import { OffsetClock } from '../../src/domain/ports/clock.js';
import { FallbackLimitStore } from '../../src/stores/redis/fallback-limit-store.js';
import { RedisLimits } from '../../src/stores/redis/redis-limits.js';
import { connected } from '../stores/limit-requests.js';
import { PATIENT_MS } from '../stores/redis-of-each-kind.js';
import { startInstances } from '../support/instances.js';
import { ownRedisUrl } from '../support/own-redis.js';
import { usualWay } from '../support/postgres-template.js';

const REDIS_URL = ownRedisUrl();

t.setTimeout(300_000);
const AHEAD_MS = 600_000;
const LIMIT = 10;
const WINDOW_SECONDS = 60;
const HOLD_SECONDS = 300;
const RIGHT = 0;
const AHEAD = 1;

t.test('an instance whose clock is ahead ends, opens and renews nothing early', async (t) => {
  const clocks = [new OffsetClock(), new OffsetClock(() => Date.now() + AHEAD_MS)];
  const { call, sweepers, warnings } = await startInstances(
    t,
    2,
    usualWay(),
    async (clock) => {
      const redis = await connected(REDIS_URL, [], PATIENT_MS);
      t.teardown(() => redis.disconnect());
      return new FallbackLimitStore({ shared: new RedisLimits(redis, PATIENT_MS), clock });
    },
    clocks,
  );
  // Redis is everybody's: users of other tests must not be met.
  const user = (name: string) => `one_clock_${process.pid}:${name}`;
  const grant = async (name: string) => {
    const body = { user: user(name), amount: 1_000, source: 'promo', reason: 'test' };
    const answer = await call(RIGHT, 'POST', '/tokens/grant', body, { 'idempotency-key': name });
    t.equal(answer.status, 201, answer.text);
  };
  const reserve = async (i: number, name: string) => {
    const body = { user: user(name), operation: 'chatgpt_message', amount: 1, ttlSeconds: HOLD_SECONDS };
    const answer = await call(i, 'POST', '/tokens/reserve', body);
    t.equal(answer.status, 201, answer.text);
    return answer.body.reservationId as string;
  };
  const check = async (i: number, name: string) =>
    (await call(i, 'POST', '/limits/check', { user: user(name), operation: 'chatgpt_message' })).body;

  await t.test('a hold lasts as long as was said, whoever looks, sweeps or commits', async (t) => {
    for (const by of [RIGHT, AHEAD]) {
      await grant(`hold-${by}`);
      const reservationId = await reserve(by, `hold-${by}`);
      await sweepers[AHEAD]?.runOnce();
      for (const i of [AHEAD, RIGHT]) {
        t.match((await call(i, 'GET', `/users/${user(`hold-${by}`)}/balance`)).body, { reserved: 1 });
      }
      t.equal((await call(AHEAD, 'POST', '/tokens/commit', { reservationId })).status, 200);
    }
  });

  await t.test('a window that is full at one is full at the other, and opens in time', async (t) => {
    for (const [first, second] of [
      [RIGHT, AHEAD],
      [AHEAD, RIGHT],
    ] as const) {
      const name = `window-${first}`;
      // A user that exists, so that the tier's limits are known to both.
      await grant(name);
      for (let n = 0; n < LIMIT; n++) t.match(await check(first, name), { allowed: true });
      for (const i of [second, first]) {
        const denied = await check(i, name);
        t.match(denied, { allowed: false, degraded: false });
        t.ok(denied.retryAfter <= WINDOW_SECONDS, `not locked out: ${denied.retryAfter} s`);
      }
    }
  });

  await t.test('a paid period ends for both at one moment', async (t) => {
    const path = `/users/${user('renewal')}`;
    await call(RIGHT, 'PUT', `${path}/tier`, { tier: 'professional' });
    const { renewsAt } = (await call(RIGHT, 'GET', `${path}/balance`)).body;
    const leftMs = Date.parse(renewsAt) - (clocks[RIGHT]?.now() ?? 0);
    for (const clock of clocks) clock.offsetMs += leftMs - AHEAD_MS / 2;
    await sweepers[AHEAD]?.runOnce();
    for (const i of [AHEAD, RIGHT]) {
      t.match((await call(i, 'GET', `${path}/balance`)).body, { tier: 'professional', renewsAt });
    }
  });

  await t.test('it serves, and says that its own clock is off', async (t) => {
    t.match(await call(RIGHT, 'GET', '/readyz'), { status: 200, body: { clock: 'ok' } });
    t.match(await call(AHEAD, 'GET', '/readyz'), { status: 200, body: { clock: 'off' } });
    t.match(warnings, [/^this machine's clock is (599|600)\.\d s ahead of the database's/]);
    t.equal(warnings.length, 1);
  });
});
