/** Checks of one turn of the event loop are one command to a single Redis. Nobody may notice. */
import t from 'tap';
import type { LimitStore } from '../../../src/domain/ports/limit-store.js';
import { FallbackLimitStore } from '../../../src/stores/redis/fallback-limit-store.js';
import { logKey, RedisLimits } from '../../../src/stores/redis/redis-limits.js';
import { request, TestClock } from '../limit-requests.js';
import { type RedisKind, startRedisOfEachKind } from '../redis-of-each-kind.js';

const kinds = await startRedisOfEachKind(t);
const clock = new TestClock();
let users = 0;

const stores = await Promise.all(kinds.map(async (kind) => ({ kind, store: await storeOn(kind) })));

async function storeOn(kind: RedisKind): Promise<LimitStore> {
  const shared = new RedisLimits(await kind.connect(), 60_000);
  t.teardown(() => shared.close());
  return new FallbackLimitStore({ shared, clock });
}

const newUsers = (count: number) => Array.from({ length: count }, () => ++users);

for (const { kind, store } of stores) {
  const askFor = (userIds: number[]) =>
    Promise.all(userIds.map((userId) => store.take(request({ userId, operation: `chat-${userId % 3}` }))));

  t.test(`${kind.name}: each of many checks of one moment gets its own answer`, async (t) => {
    const userIds = newUsers(150);
    // The n-th user of them asks n % 12 times, in turn with all others.
    const asked = Array.from({ length: 12 }, (_, i) => userIds.filter((id) => id % 12 > i)).flat();
    const remaining = new Map(userIds.map((id) => [id, 10]));
    (await askFor(asked)).forEach((decision, i) => {
      const userId = asked[i] as number;
      const left = remaining.get(userId) as number;
      remaining.set(userId, Math.max(0, left - 1));
      const expected = { allowed: left > 0, remaining: Math.max(0, left - 1), degraded: false };
      t.match(decision, { ...expected, operation: `chat-${userId % 3}` });
    });
  });

  t.test(`${kind.name}: a check that fails in Redis fails alone`, async (t) => {
    const userIds = newUsers(5);
    const key = logKey(userIds[2] as number);
    await kind.serverOf(key).ask((redis) => redis.hset(key, 'not', 'a log'));
    const first = await askFor(userIds);
    t.same(
      first.map((decision) => decision.degraded),
      [false, false, true, false, false],
    );
    for (const { remaining } of await askFor(userIds)) t.equal(remaining, 8);
  });

  t.test(`${kind.name}: checks that find the script forgotten are counted once`, async (t) => {
    for (const server of kind.servers) await server.ask((redis) => redis.script('FLUSH'));
    const userIds = newUsers(100);
    for (const decision of await askFor(userIds)) t.match(decision, { remaining: 9, degraded: false });
  });
}

t.test('a hundred checks of one moment are two commands to Redis, not a hundred', async (t) => {
  const kind = kinds[0] as RedisKind;
  const store = await storeOn(kind);
  const [server] = kind.servers;
  await store.take(request({ userId: ++users }));
  await server?.ask((redis) => redis.config('RESETSTAT'));
  await Promise.all(newUsers(100).map((userId) => store.take(request({ userId }))));
  t.match(await server?.ask((redis) => redis.info('commandstats')), /cmdstat_evalsha:calls=2,/);
});
