import t from 'tap';
import type { LimitStore } from '../../src/domain/ports/limit-store.js';
import { MemoryLimitStore } from '../../src/stores/memory/memory-limit-store.js';
import { RedisLimitStore } from '../../src/stores/redis/redis-limit-store.js';
import { request, TestClock } from './limit-requests.js';
import { PATIENT_MS, startRedisOfEachKind } from './redis-of-each-kind.js';

const clock = new TestClock();
const fifty = [{ operation: '*', limit: 50, windowSeconds: 60 }];
const kinds = await Promise.all(
  (await startRedisOfEachKind(t)).map(async ({ name, connect, servers }) => {
    const connections = [await connect(), await connect()];
    const instances = connections.map(
      (redis) => new RedisLimitStore({ redis, clock, deadlineMs: PATIENT_MS }),
    );
    return { name, servers, instances };
  }),
);

/** 2,000 checks of one user at once, spread over the stores; how many were admitted. */
async function rush(stores: LimitStore[], userId: number, checkId?: (i: number) => string): Promise<number> {
  const checks = Array.from({ length: 2000 }, (_, i) => {
    const store = stores[i % stores.length] as LimitStore;
    return store.take(request({ userId, policies: fifty, checkId: checkId?.(i) ?? `c${i}` }));
  });
  const decisions = await Promise.all(checks);
  return decisions.filter((decision) => decision.allowed && !decision.repeated).length;
}

t.test('2,000 concurrent checks at limit 50 admit exactly 50: memory', async (t) => {
  t.equal(await rush([new MemoryLimitStore({ clock })], 1), 50);
});

for (const { name, servers, instances } of kinds) {
  const two = `two instances on one ${name}`;

  t.test(`2,000 concurrent checks at limit 50 admit exactly 50: ${two}`, async (t) => {
    t.equal(await rush(instances, 2), 50);
  });

  t.test(`2,000 concurrent checks with 20 ids count 20: ${two}`, async (t) => {
    t.equal(await rush(instances, 3, (i) => `id${i % 20}`), 20);
  });

  t.test(`one of many concurrent undos of a check gives it back: ${two}`, async (t) => {
    await instances[0]?.take(request({ userId: 4, policies: fifty, checkId: 'x' }));
    const undo = { userId: 4, operation: 'chat', checkId: 'x', retainSeconds: 60 };
    const undone = await Promise.all(Array.from({ length: 40 }, (_, i) => instances[i % 2]?.undo(undo)));
    t.equal(undone.filter(Boolean).length, 1);
  });

  t.test(`a ${name} that lost the script is sent it again`, async (t) => {
    for (const server of servers) await server.ask((redis) => redis.script('FLUSH'));
    t.equal(await rush(instances, 5), 50);
  });
}
