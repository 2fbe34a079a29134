import t, { type Test } from 'tap';
import type { OffsetClock } from '../../src/domain/ports/clock.js';
import type { LimitStore } from '../../src/domain/ports/limit-store.js';
import { SILENT } from '../../src/domain/ports/telemetry.js';
import { MemoryLimitStore } from '../../src/stores/memory/memory-limit-store.js';
import { RedisLimitStore } from '../../src/stores/redis/redis-limit-store.js';
import { PATIENT_MS, startRedisOfEachKind } from '../stores/redis-of-each-kind.js';
import { freshPglite } from '../support/databases.js';
import { type Json, type TestApp, testApp } from '../support/test-app.js';

t.setTimeout(120_000);
const hits: string[] = [];
const telemetry = {
  ...SILENT,
  rateLimitHit: (tier: string, operation: string) => hits.push(`${tier} ${operation}`),
};
const store = await freshPglite(t);

async function appOn(limitsOf: (clock: OffsetClock) => LimitStore): Promise<TestApp> {
  return testApp(t, {
    store,
    change: ({ clock }) => ({ telemetry, limits: limitsOf(clock as OffsetClock) }),
  });
}

const apps: [string, TestApp][] = [['memory', await appOn((clock) => new MemoryLimitStore({ clock }))]];
for (const { name, connect } of await startRedisOfEachKind(t)) {
  const redis = await connect();
  apps.push([name, await appOn((clock) => new RedisLimitStore({ redis, clock, deadlineMs: PATIENT_MS }))]);
}

for (const [name, app] of apps) t.test(`limits in ${name}`, (t) => suite(t, name, app));

async function suite(t: Test, name: string, { call, keyWith, clock }: TestApp) {
  let users = 0;
  const someone = () => `web:limits-${name}-${++users}`;
  const check = (body: object) =>
    call('POST', '/limits/check', { body: { operation: 'chatgpt_message', ...body } });
  const undo = (body: object) =>
    call('POST', '/limits/undo', { body: { operation: 'chatgpt_message', ...body } });

  async function times(count: number, body: object): Promise<Json[]> {
    const answers: Json[] = [];
    for (let i = 0; i < count; i++) answers.push((await check(body)).body);
    return answers;
  }

  t.test('200: the answer has every field of the contract and no other', async (t) => {
    const user = someone();
    const { status, body, headers } = await check({ user });
    t.equal(status, 200);
    const resetAt = new Date(Date.parse(body.resetAt)).toISOString();
    t.strictSame(body, {
      allowed: true,
      checkId: body.checkId,
      tier: 'gift',
      operation: 'chatgpt_message',
      limit: 10,
      remaining: 9,
      resetAt,
      retryAfter: 0,
      policies: [{ name: 'all', operation: '*', limit: 10, windowSeconds: 60, remaining: 9, resetAt }],
      degraded: false,
    });
    t.match(body.checkId, /^[0-9a-f-]{36}$/);
    t.ok(Math.abs(Date.parse(resetAt) - clock.now() - 60_000) < 5000);
    t.equal(headers['ratelimit-policy'], '"all";q=10;w=60');
    t.match(headers.ratelimit, /^"all";r=9;t=(60|59)$/);
    t.notOk('retry-after' in headers);
  });

  t.test(
    '200: a denial consumes nothing, says when to come back, and is counted in the figures',
    async (t) => {
      const user = someone();
      await times(10, { user });
      const before = hits.length;
      const { status, body, headers } = await check({ user });
      t.equal(status, 200);
      t.match(body, { allowed: false, limit: 10, remaining: 0 });
      t.ok(body.retryAfter > 50 && body.retryAfter <= 60);
      t.equal(headers['retry-after'], String(body.retryAfter));
      t.equal(headers.ratelimit, `"all";r=0;t=${body.retryAfter}`);
      t.strictSame(hits.slice(before), ['gift chatgpt_message']);
      clock.offsetMs += body.retryAfter * 1000;
      t.match((await check({ user })).body, { allowed: true });
    },
  );

  t.test('200: a check id counts once; undo gives it back, once', async (t) => {
    const user = someone();
    t.match((await check({ user, checkId: 'm1' })).body, { checkId: 'm1', remaining: 9 });
    t.match((await check({ user, checkId: 'm1' })).body, { allowed: true, checkId: 'm1', remaining: 9 });
    t.strictSame((await undo({ user, checkId: 'm1' })).body, { undone: true });
    t.strictSame((await undo({ user, checkId: 'm1' })).body, { undone: false });
    t.match((await check({ user, peek: true })).body, { remaining: 10 });
  });

  t.test('200: a cost above the limit is denied for the whole window', async (t) => {
    const { body } = await check({ user: someone(), cost: 11 });
    t.match(body, { allowed: false, remaining: 10, retryAfter: 60 });
  });

  t.test('200: peek and undo create nobody and answer as for a new gift user', async (t) => {
    const user = someone();
    const { body, headers } = await check({ user, peek: true, cost: 3 });
    t.match(body, { allowed: true, checkId: null, tier: 'gift', limit: 10, remaining: 10, retryAfter: 0 });
    t.equal(headers.ratelimit, '"all";r=10;t=0');
    t.strictSame((await undo({ user, checkId: 'x' })).body, { undone: false });
    t.equal((await call('GET', `/users/${user}`)).status, 404);
  });

  t.test(
    '200: several policies, named apart; a tier change takes effect at once and keeps the count',
    async (t) => {
      const user = someone();
      await times(4, { user });
      const { body: tier } = await call('GET', '/tiers/professional');
      const policies = [
        { operation: '*', limit: 5, windowSeconds: 60 },
        { operation: '*', limit: 100, windowSeconds: 3600 },
        { operation: 'chatgpt_message', limit: 20, windowSeconds: 60 },
        { operation: 'image_generation', limit: 1, windowSeconds: 60 },
      ];
      await call('PUT', '/tiers/professional', { body: { ...tier, policies } });
      await call('PUT', `/users/${user}/tier`, { body: { tier: 'professional' } });
      const { body, headers } = await check({ user });
      t.match(body, { allowed: true, tier: 'professional', limit: 5, remaining: 0 });
      t.strictSame(
        body.policies.map((policy: Json) => [policy.name, policy.remaining]),
        [
          ['all-60', 0],
          ['all-3600', 95],
          ['chatgpt_message', 15],
        ],
      );
      t.equal(
        headers['ratelimit-policy'],
        '"all-60";q=5;w=60, "all-3600";q=100;w=3600, "chatgpt_message";q=20;w=60',
      );
      t.match((await check({ user })).body, { allowed: false, limit: 5 });
      await call('PUT', '/tiers/professional', { body: { ...tier, policies: [] } });
      const free = await check({ user });
      t.match(free.body, { allowed: true, limit: null, remaining: null, resetAt: null, policies: [] });
      t.notOk('ratelimit' in free.headers);
      await call('PUT', '/tiers/professional', { body: tier });
    },
  );

  t.test('200: a tier that has lapsed by itself no longer counts, for check and for peek', async (t) => {
    for (const peek of [false, true]) {
      const user = someone();
      await call('PUT', `/users/${user}/tier`, { body: { tier: 'business', months: 1 } });
      t.match((await check({ user, peek })).body, { tier: 'business', limit: 100 });
      clock.offsetMs += 32 * 86_400_000;
      t.match((await check({ user, peek })).body, { tier: 'gift', limit: 10 });
    }
  });

  t.test(
    '404 unknown-operation: the user exists all the same, after a check but not after peek or undo',
    async (t) => {
      for (const [send, status] of [
        [(user: string) => check({ user, operation: 'none' }), 200],
        [(user: string) => check({ user, operation: 'none', peek: true }), 404],
        [(user: string) => undo({ user, operation: 'none', checkId: 'x' }), 404],
      ] as const) {
        const user = someone();
        t.match(await send(user), { status: 404, body: { code: 'unknown-operation' } });
        t.equal((await call('GET', `/users/${user}`)).status, status);
      }
    },
  );

  t.test('400: what is out of range, of the wrong type, or unknown is refused and named', async (t) => {
    const wrong = { cost: 0, peek: 'no', checkId: 'x'.repeat(129), user: 'nobody', other: 1 };
    for (const [field, value] of Object.entries(wrong)) {
      const { status, body } = await check({ user: 'web:a', [field]: value });
      t.match({ status, body }, { status: 400, body: { code: 'invalid-request', errors: [{ field }] } });
    }
    t.equal((await check({ user: 'web:a', checkId: '\ud800' })).status, 400);
    t.equal((await undo({ user: 'web:a' })).status, 400);
  });

  t.test('403: only a key with the scope `limits`', async (t) => {
    const body = { user: 'demo:you', operation: 'chatgpt_message', checkId: 'x' };
    for (const url of ['/limits/check', '/limits/undo']) {
      t.equal(
        (await call('POST', url, { body, key: await keyWith('tokens', 'users', 'grants') })).status,
        403,
      );
      t.equal((await call('POST', url, { body, key: await keyWith('limits') })).status, 200);
    }
  });
}
