import t from 'tap';
import { FallbackLimitStore } from '../../../src/stores/redis/fallback-limit-store.js';
import { RedisLimits } from '../../../src/stores/redis/redis-limits.js';
import { connected, peek, request, TestClock, takeTimes } from '../limit-requests.js';
import { PATIENT_MS } from '../redis-of-each-kind.js';
import { PrivateRedis } from './private-redis.js';

const server = await PrivateRedis.start();
t.teardown(() => server.stop());
const clock = new TestClock();
let users = 0;

async function instance(): Promise<FallbackLimitStore> {
  const redis = await connected(server.url, [], PATIENT_MS);
  t.teardown(() => redis.disconnect());
  return new FallbackLimitStore({ shared: new RedisLimits(redis, PATIENT_MS), clock });
}
const flush = () => server.ask((redis) => redis.flushall());
const allowed = (decisions: { allowed: boolean }[]) => decisions.filter((d) => d.allowed).length;

for (const copies of [2, 3]) {
  t.test(`Redis flushed: ${copies} copies of a check do not pass where one would not`, async (t) => {
    const store = await instance();
    for (let user = 0; user < 20; user++) {
      const userId = ++users;
      await takeTimes(store, 10, { userId });
      await flush();
      const checks = Array.from({ length: 8 * copies }, (_, i) => `new-${Math.floor(i / copies)}`);
      const decisions = await Promise.all(checks.map((checkId) => store.take(request({ userId, checkId }))));
      t.equal(allowed(decisions), 0);
    }
  });
}

t.test('Redis flushed: copies at two full instances do not pass at either', async (t) => {
  const [one, two] = [await instance(), await instance()];
  for (let user = 0; user < 20; user++) {
    const userId = ++users;
    await takeTimes(one, 10, { userId });
    await flush();
    await takeTimes(two, 10, { userId });
    await flush();
    const copies = Array.from({ length: 16 }, (_, i) => (i % 2 ? one : two));
    const decisions = await Promise.all(
      copies.map((store, i) => store.take(request({ userId, checkId: `new-${Math.floor(i / 2)}` }))),
    );
    t.equal(allowed(decisions), 0);
  }
});

t.test('a copy that a full instance denies does not take the count of one that another admits', async (t) => {
  const [full, other] = [await instance(), await instance()];
  const userId = ++users;
  await takeTimes(full, 10, { userId });
  await flush();
  const admitted = await other.take(request({ userId, checkId: 'x' }));
  t.match(admitted, { allowed: true, degraded: false });
  t.match(await full.take(request({ userId, checkId: 'x' })), { allowed: false, degraded: true });
  t.match(await other.take(peek({ userId })), { remaining: 9 }, 'the count is still there');
});

t.test('what Redis saw and this process did not admit is not in its own log', async (t) => {
  const [one, two] = [await instance(), await instance()];
  const userId = ++users;
  const first = await one.take(request({ userId, checkId: 'x' }));
  const second = await two.take(request({ userId, checkId: 'x' }));
  t.match(second, { repeated: true, degraded: false });
  const leave = { userId, operation: 'chat', checkId: 'x', retainSeconds: 60 };
  if (first.counted) await one.leave({ ...leave, counted: first.counted });
  t.match(await one.take(peek({ userId })), { remaining: 9 }, 'the second copy stands on it');
  await server.stop();
  t.match(await one.take(peek({ userId })), { degraded: true, remaining: 10 });
  t.match(await two.take(peek({ userId })), { degraded: true, remaining: 9 });
  if (second.counted) await two.leave({ ...leave, counted: second.counted });
  t.match(await two.take(peek({ userId })), { degraded: true, remaining: 10 });
  await server.restart();
});
