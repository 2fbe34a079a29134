import t from 'tap';
import type { LimitStore } from '../../src/domain/ports/limit-store.js';
import { MemoryLimitStore } from '../../src/stores/memory/memory-limit-store.js';
import { RedisLimitStore } from '../../src/stores/redis/redis-limit-store.js';
import { peek, request, TestClock } from './limit-requests.js';
import { PATIENT_MS, startRedisOfEachKind } from './redis-of-each-kind.js';

// Logs longer than 4,096 records are thinned: they must stay bounded, and never admit too many.
t.setTimeout(120_000);
const clock = new TestClock();
const LIMIT = 4600;
const policies = [
  { operation: '*', limit: LIMIT, windowSeconds: 3600 },
  { operation: 'image', limit: 400, windowSeconds: 3600 },
];
const hour = { policies, retainSeconds: 3600 };
const kinds = await startRedisOfEachKind(t);
const onRedis = await Promise.all(
  kinds.map(async ({ name, connect, serverOf }) => {
    const store = new RedisLimitStore({ redis: await connect(), clock, deadlineMs: PATIENT_MS });
    return { name, store, serverOf };
  }),
);
const stores: [string, LimitStore][] = [
  ['memory', new MemoryLimitStore({ clock })],
  ...onRedis.map(({ name, store }): [string, LimitStore] => [name, store]),
];
const userId = 2;

for (const [name, store] of stores) {
  t.test(`${name}: a thinned log counts as exactly as a whole one and lets go no earlier`, async (t) => {
    const start = clock.ms;
    let admitted = 0;
    for (let i = 0; i < 5400; i += 100) {
      const batch = Array.from({ length: 100 }, (_, k) => {
        // Every tenth is an image: 400 of them are reached before 4,600 of all.
        const operation = k % 10 === 0 ? 'image' : 'chat';
        const relevant = operation === 'image' ? policies : policies.slice(0, 1);
        return store.take(request({ ...hour, userId, operation, policies: relevant }));
      });
      admitted += (await Promise.all(batch)).filter((decision) => decision.allowed).length;
      clock.advance(10);
    }
    t.equal(admitted, LIMIT);
    const now = await store.take(peek({ ...hour, userId, policies: policies.slice(0, 1) }));
    t.match(now, { allowed: false, remaining: 0 });
    clock.ms = start + 3600_000;
    const { remaining } = await store.take(peek({ ...hour, userId, policies: policies.slice(0, 1) }));
    t.ok((remaining ?? 0) <= 100, `${remaining} of the first 100 are free when they leave, not more`);
    clock.ms = start + 3600_000 + 540_000;
    t.match(await store.take(peek({ ...hour, userId, policies: policies.slice(0, 1) })), {
      remaining: LIMIT,
    });
  });
}

for (const { name, store, serverOf } of onRedis) {
  const ask = (userId: number) =>
    serverOf(`{u:${userId}}`).ask(async (redis) => ({
      ttl: await redis.pttl(`fbx:{u:${userId}}:log`),
      size: await redis.strlen(`fbx:{u:${userId}}:log`),
    }));

  t.test(`${name}: the log stays within 96 KB, and ends by itself`, async (t) => {
    const { size, ttl } = await ask(userId);
    t.ok(size > 0 && size <= 6 + 24 * 4097, `${size} bytes`);
    t.ok(ttl > 0 && ttl <= 3 * 3600_000 + 1000, `${ttl} ms`);
  });

  t.test(`${name}: a log in use outlives its window, whether it is rewritten or appended to`, async (t) => {
    let [rewrittenAt, before] = [0, 0];
    for (let i = 0; i < 60; i++) {
      clock.advance(7);
      await store.take(request({ userId: 3, retainSeconds: 60 }));
      const { ttl, size } = await ask(3);
      // The server's own time stands still here, so a longer life than before tells of a rewrite.
      if (ttl > before) rewrittenAt = clock.ms;
      before = ttl;
      const lives = ttl - (clock.ms - rewrittenAt);
      t.ok(lives >= 60_000 && size <= 6 + 24 * 14, `${lives} ms more, ${size} bytes`);
    }
  });
}
