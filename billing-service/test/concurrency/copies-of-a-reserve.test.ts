/**
 * Copies of one call (one Idempotency-Key, sent again before the first answer came) at two instances: together they
 * count once against the limits, exactly if they hold tokens.
 */
import t, { type Test } from 'tap';
import { FallbackLimitStore } from '../../src/stores/redis/fallback-limit-store.js';
import { RedisLimits } from '../../src/stores/redis/redis-limits.js';
import { connected } from '../stores/limit-requests.js';
import { PATIENT_MS } from '../stores/redis-of-each-kind.js';
import { type Instances, startInstances } from '../support/instances.js';
import { ownRedisUrl } from '../support/own-redis.js';
import { usualWay } from '../support/postgres-template.js';

const REDIS_URL = ownRedisUrl();

const LIMIT = 10;
const COPIES = 4;
const WINDOW_MS = 60_000;
const range = (n: number) => Array.from({ length: n }, (_, i) => i);

async function onRedis(t: Test): Promise<Instances> {
  return startInstances(t, 2, usualWay(), async (clock) => {
    const redis = await connected(REDIS_URL, [], PATIENT_MS);
    t.teardown(() => redis.disconnect());
    return new FallbackLimitStore({ shared: new RedisLimits(redis, PATIENT_MS), clock });
  });
}

function copies(t: Test, { call, clock }: Instances, provider: string): void {
  const grant = (user: string, amount: number) =>
    call(
      0,
      'POST',
      '/tokens/grant',
      { user, amount, source: 'promo', reason: 'test' },
      { 'idempotency-key': `g${amount}` },
    );
  const reserve = (i: number, user: string, key: string, more: object = {}) =>
    call(
      i,
      'POST',
      '/tokens/reserve',
      { user, operation: 'chatgpt_message', amount: 1, checkLimits: true, ...more },
      { 'idempotency-key': key },
    );
  const remaining = async (user: string) =>
    (await call(0, 'POST', '/limits/check', { user, operation: 'chatgpt_message', peek: true })).body
      .remaining;
  const open = async (user: string) => (await call(0, 'GET', `/users/${user}/balance`)).body.reserved;

  t.test(`40 keys, ${COPIES} copies of each at once, hold exactly ${LIMIT} times`, async (t) => {
    for (const user of range(4).map((i) => `${provider}:many-${i}`)) {
      await grant(user, 100_000);
      for (const key of range(40)) {
        const answers = await Promise.all(range(COPIES).map((i) => reserve(i, user, `k${key}`)));
        const texts = new Set(answers.filter((a) => a.status === 201).map((a) => a.text));
        t.ok(texts.size <= 1, 'all copies that hold give one answer');
        t.notOk(answers.some((a) => a.body.limit.degraded));
      }
      t.equal(await open(user), LIMIT);
      t.equal(await remaining(user), 0);
    }
  });

  t.test('copies that are all refused leave nothing counted', async (t) => {
    const user = `${provider}:poor`;
    for (const key of range(20)) {
      const answers = await Promise.all(range(COPIES).map((i) => reserve(i, user, `k${key}`)));
      t.ok(answers.every((a) => a.status === 402));
    }
    t.equal(await remaining(user), LIMIT);
  });

  t.test('copies of which some are refused as another payload count once', async (t) => {
    const user = `${provider}:mixed`;
    await grant(user, 1000);
    for (const key of range(LIMIT)) {
      const answers = await Promise.all(
        range(COPIES).map((i) => reserve(i, user, `k${key}`, { amount: 1 + Math.floor(i / 2) })),
      );
      t.ok(answers.some((a) => a.status === 201));
      t.equal(await remaining(user), LIMIT - 1 - key);
    }
  });

  t.test(
    'copies that count as more or less: what is counted is what the one that held counts as',
    async (t) => {
      for (const round of range(8)) {
        const user = `${provider}:dear-${round}`;
        await grant(user, 1000);
        const costs = round % 2 ? [1, 6] : [6, 1];
        const answers = await Promise.all(costs.map((limitCost, i) => reserve(i, user, 'k', { limitCost })));
        t.same(answers.map((a) => a.status).sort(), [201, 422]);
        t.equal(await remaining(user), LIMIT - (costs[answers.findIndex((a) => a.status === 201)] ?? 0));
      }
    },
  );

  t.test('an answer that is given again counts once in its window, and nothing a window later', async (t) => {
    const user = `${provider}:later`;
    await grant(user, 1000);
    t.equal((await reserve(0, user, 'k')).status, 201);
    await Promise.all(range(COPIES).map((i) => reserve(i, user, 'k')));
    t.equal(await remaining(user), LIMIT - 1);
    clock.offsetMs += WINDOW_MS;
    await Promise.all(range(COPIES).map((i) => reserve(i, user, 'k')));
    t.equal(await remaining(user), LIMIT);
  });
}

t.test('limits in Redis', async (t) => copies(t, await onRedis(t), 'shared'));
t.test('limits in one memory', async (t) => copies(t, await startInstances(t, 2), 'alone'));
