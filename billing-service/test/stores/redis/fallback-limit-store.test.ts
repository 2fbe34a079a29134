import { once } from 'node:events';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { AT_ONCE, turnsOf } from '../../../../common/test/support/turns-of.js';
import { until } from '../../../../common/test/support/until.js';
import { FallbackLimitStore } from '../../../src/stores/redis/fallback-limit-store.js';
import { RedisLimits } from '../../../src/stores/redis/redis-limits.js';
import { connected, peek, request, TestClock, takeTimes } from '../limit-requests.js';
import { PATIENT_MS } from '../redis-of-each-kind.js';
import { PrivateRedis } from './private-redis.js';

const server = await PrivateRedis.start();
t.teardown(() => server.stop());
let users = 0;

/**
 * One service instance: its own connection and its own shadow. Patient, but where a test is about the deadline: a Redis
 * that is up decides, however long this machine keeps it waiting.
 */
async function instance({ clock = new TestClock(), isPatient = true } = {}) {
  const redis = await connected(server.url, [], PATIENT_MS);
  t.teardown(() => redis.disconnect());
  const warnings: string[] = [];
  const store = new FallbackLimitStore({
    shared: new RedisLimits(redis, isPatient ? PATIENT_MS : undefined),
    clock,
    warn: (message) => warnings.push(message),
  });
  return { redis, clock, warnings, store, userId: ++users };
}

/** Asks until Redis decides again. */
const recovered = (store: FallbackLimitStore) =>
  until(async () => !(await store.take(peek({ userId: 999_999 }))).degraded);

t.test('while Redis is up, it decides, and instances share the count', async (t) => {
  const { clock, userId, store } = await instance();
  const { store: other } = await instance({ clock });
  await takeTimes(store, 6, { userId });
  const decisions = await takeTimes(other, 6, { userId });
  t.same(
    decisions.map((d) => d.allowed),
    [true, true, true, true, false, false],
  );
  t.notOk(decisions.some((d) => d.degraded));
});

t.test('an undo at another instance is not mistaken for a loss', async (t) => {
  const { clock, userId, store } = await instance();
  const { store: other } = await instance({ clock });
  await takeTimes(store, 9, { userId });
  await store.take(request({ userId, checkId: 'mine' }));
  t.equal(await other.undo({ userId, operation: 'chat', checkId: 'mine', retainSeconds: 60 }), true);
  t.match(await store.take(request({ userId })), { allowed: true, degraded: false });
});

t.test('Redis stopped: the same limits from this process, marked degraded, at once', async (t) => {
  const { userId, store, warnings } = await instance();
  await takeTimes(store, 4, { userId });
  await server.stop();
  const [decisions, turns] = await turnsOf(takeTimes(store, 8, { userId, checkId: null }));
  t.same(
    decisions.map((d) => d.allowed),
    [true, true, true, true, true, true, false, false],
  );
  t.ok(decisions.every((d) => d.degraded));
  t.ok(turns < AT_ONCE, `eight answers in ${turns} turns: none waits for anything`);
  t.equal(warnings.length, 1, 'one line in the log, not one a request');

  await server.restart();
  t.ok(await recovered(store), 'Redis is found again');
  t.match(
    await store.take(request({ userId })),
    { allowed: false, degraded: true },
    'what it lost still counts',
  );
});

t.test('a check admitted without Redis can be undone and repeated, without it and after', async (t) => {
  const { userId, store } = await instance();
  await server.stop();
  const undo = { userId, operation: 'chat', retainSeconds: 60 };
  await store.take(request({ userId, checkId: 'a' }));
  await store.take(request({ userId, checkId: 'b' }));
  t.match(await store.take(request({ userId, checkId: 'a' })), {
    allowed: true,
    repeated: true,
    remaining: 8,
  });
  t.equal(await store.undo({ ...undo, checkId: 'a' }), true);
  t.equal(await store.undo({ ...undo, checkId: 'a' }), false);
  await store.take(request({ userId, checkId: 'c' }));
  await server.restart();
  t.ok(await recovered(store));
  t.equal(await store.undo({ ...undo, checkId: 'c' }), true, 'Redis never knew it');
  t.match(await store.take(request({ userId, checkId: 'b' })), {
    allowed: true,
    repeated: true,
    degraded: true,
  });
  t.equal(await store.undo({ ...undo, checkId: 'b' }), true);
  t.equal(await store.undo({ ...undo, checkId: 'b' }), false);
});

t.test('Redis hanging: late once, then not at every request, and found again when it goes on', async (t) => {
  const { userId, store, redis } = await instance({ isPatient: false });
  await takeTimes(store, 2, { userId });
  t.ok(await recovered(store));
  server.freeze();
  const startedAt = performance.now();
  // Timers of one process end in their order, and those that are due at once do so in one turn.
  const late = sleep(1_000).then(() => nextTurn('late'));
  const first = await Promise.race([store.take(request({ userId })), late]);
  t.match(first, { allowed: true, degraded: true, remaining: 7 });
  t.ok(performance.now() - startedAt >= 45, 'the first waits out the deadline');
  const [rest, turns] = await turnsOf(takeTimes(store, 9, { userId }));
  t.equal(rest.filter((d) => d.allowed).length, 7);
  t.ok(turns < AT_ONCE, `nine more took ${turns} turns: none waits for Redis`);
  await once(redis, 'close');
  server.thaw();
  t.ok(await recovered(store));
  t.match(await store.take(request({ userId })), { allowed: false, degraded: true });
});

t.test('Redis flushed: what this process admitted still counts, until it has left the window', async (t) => {
  const { clock, userId, store } = await instance();
  await takeTimes(store, 7, { userId });
  await server.ask((redis) => redis.flushall());
  clock.advance(10);
  const decisions = await takeTimes(store, 5, { userId });
  t.same(
    decisions.map((d) => d.remaining),
    [2, 1, 0, 0, 0],
  );
  t.same(
    decisions.map((d) => d.retryAfter),
    [0, 0, 0, 50, 50],
  );
  t.ok(decisions.every((d) => d.degraded));
  clock.advance(50);
  t.match(
    await store.take(request({ userId })),
    { allowed: true, remaining: 6 },
    'the three of then, and this',
  );
  clock.advance(60);
  t.match(await store.take(request({ userId })), { allowed: true, remaining: 9, degraded: false });
});

t.test('Redis coming and going under load: one process never admits more than the limit', async (t) => {
  const { userId, store } = await instance({ isPatient: false });
  const policies = [{ operation: '*', limit: 50, windowSeconds: 60 }];
  const admitted: boolean[] = [];
  const load = async () => {
    for (let i = 0; i < 300; i++) {
      admitted.push((await store.take(request({ userId, policies }))).allowed);
      if (i % 20 === 0) await sleep(1);
    }
  };
  const trouble = async () => {
    for (let i = 0; i < 3; i++) {
      await sleep(3);
      server.freeze();
      await sleep(60);
      server.thaw();
      await server.ask((redis) => redis.flushall());
    }
  };
  await Promise.all([load(), load(), load(), trouble()]);
  t.equal(admitted.filter(Boolean).length, 50, `${admitted.length} checks`);
});
