import t from 'tap';
import type { LimitStore } from '../../src/domain/ports/limit-store.js';
import { MemoryLimitStore } from '../../src/stores/memory/memory-limit-store.js';
import { RedisLimitStore } from '../../src/stores/redis/redis-limit-store.js';
import { peek, request, TestClock, takeTimes } from './limit-requests.js';
import { PATIENT_MS, startRedisOfEachKind } from './redis-of-each-kind.js';

// One suite, every implementation: the guarantees of a limiter, no matter which store keeps the log.
const implementations: [string, (clock: TestClock) => LimitStore][] = [
  ['memory', (clock) => new MemoryLimitStore({ clock })],
];
for (const { name, connect } of await startRedisOfEachKind(t)) {
  const redis = await connect();
  implementations.push([name, (clock) => new RedisLimitStore({ redis, clock, deadlineMs: PATIENT_MS })]);
}
const perMinute = { operation: '*', limit: 10, windowSeconds: 60 };
const images = { operation: 'image', limit: 2, windowSeconds: 3600 };

for (const [name, make] of implementations) {
  let users = 0;
  const fresh = () => {
    const clock = new TestClock();
    return { clock, store: make(clock), userId: ++users };
  };

  t.test(
    `${name}: the request after the last one is denied until the oldest has left the window`,
    async (t) => {
      const { clock, store, userId } = fresh();
      const decisions = [];
      for (let i = 0; i < 10; i++) {
        decisions.push(await store.take(request({ userId })));
        clock.advance(1);
      }
      t.same(
        decisions.map((d) => d.remaining),
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
      );
      const denied = await store.take(request({ userId }));
      t.match(denied, { allowed: false, limit: 10, remaining: 0, retryAfter: 50, degraded: false });
      t.equal(denied.resetAt, clock.ms + 59_000, 'whole again when the newest leaves');
      clock.ms += 49_999;
      t.equal((await store.take(request({ userId }))).retryAfter, 1);
      clock.ms += 1;
      t.match(await store.take(request({ userId })), { allowed: true, remaining: 0, retryAfter: 0 });
      t.equal((await store.take(request({ userId }))).retryAfter, 1, 'only one had left');
    },
  );

  t.test(`${name}: a denied request consumes nothing`, async (t) => {
    const { clock, store, userId } = fresh();
    await takeTimes(store, 10, { userId });
    clock.advance(30);
    await takeTimes(store, 20, { userId });
    clock.advance(30);
    t.match(await store.take(peek({ userId })), { allowed: true, remaining: 10 });
  });

  t.test(`${name}: a peek consumes nothing and says what a check of that cost would get`, async (t) => {
    const { clock, store, userId } = fresh();
    const empty = await store.take(peek({ userId }));
    t.match(empty, { allowed: true, checkId: null, remaining: 10, resetAt: clock.ms });
    await takeTimes(store, 8, { userId });
    t.match(await store.take(peek({ userId, cost: 2 })), { allowed: true, remaining: 2, retryAfter: 0 });
    t.match(await store.take(peek({ userId, cost: 3 })), { allowed: false, remaining: 2, retryAfter: 60 });
    t.match(await store.take(peek({ userId })), { remaining: 2 });
  });

  t.test(`${name}: a cost counts as that many, and one above the limit never fits`, async (t) => {
    const { store, userId } = fresh();
    t.match(await store.take(request({ userId, cost: 7 })), { allowed: true, remaining: 3 });
    t.match(await store.take(request({ userId, cost: 4 })), { allowed: false, remaining: 3, retryAfter: 60 });
    t.match(await store.take(request({ userId, cost: 3 })), { allowed: true, remaining: 0 });
    const { store: other, userId: nobody } = fresh();
    t.match(await other.take(request({ userId: nobody, cost: 11 })), {
      allowed: false,
      remaining: 10,
      retryAfter: 60,
    });
  });

  t.test(`${name}: policies are decided together: one denial and none of them counts`, async (t) => {
    const { clock, store, userId } = fresh();
    const both = { userId, policies: [perMinute, images], retainSeconds: 3600 };
    await takeTimes(store, 2, { ...both, operation: 'image' });
    clock.advance(10);
    const denied = await store.take(request({ ...both, operation: 'image' }));
    t.match(denied, { allowed: false, limit: 2, remaining: 0, retryAfter: 3590 });
    t.same(
      denied.policies.map((p) => [p.name, p.remaining]),
      [
        ['all', 8],
        ['image', 0],
      ],
    );
    const chat = await store.take(request({ userId, policies: [perMinute], retainSeconds: 3600 }));
    t.match(chat, { allowed: true, remaining: 7 }, 'the other operation is only under *');
  });

  t.test(`${name}: the same check id counts once, for its operation`, async (t) => {
    const { clock, store, userId } = fresh();
    t.match(await store.take(request({ userId, checkId: 'x' })), { remaining: 9, repeated: false });
    t.match(await store.take(request({ userId, checkId: 'x' })), {
      allowed: true,
      remaining: 9,
      repeated: true,
    });
    const other = await store.take(request({ userId, checkId: 'x', operation: 'image' }));
    t.match(other, { remaining: 8, repeated: false });
    await takeTimes(store, 8, { userId });
    t.match(
      await store.take(request({ userId, checkId: 'x' })),
      { allowed: true, retryAfter: 0 },
      'also when full',
    );
    t.match(await store.take(request({ userId, checkId: 'y' })), { allowed: false });
    clock.advance(60);
    t.match(await store.take(request({ userId, checkId: 'y' })), { allowed: true, repeated: false });
    t.match(
      await store.take(request({ userId, checkId: 'x' })),
      { remaining: 8, repeated: false },
      'a window later',
    );
  });

  t.test(`${name}: undo gives a count back, once, and only of that user, operation and id`, async (t) => {
    const { store, userId } = fresh();
    await takeTimes(store, 4, { userId });
    await store.take(request({ userId, checkId: 'mine', cost: 3 }));
    await takeTimes(store, 2, { userId });
    const undo = { userId, operation: 'chat', checkId: 'mine', retainSeconds: 60 };
    t.equal(await store.undo({ ...undo, operation: 'image' }), false);
    t.equal(await store.undo({ ...undo, checkId: 'other' }), false);
    t.equal(await store.undo({ ...undo, userId: 999_999 }), false);
    t.match(await store.take(peek({ userId })), { remaining: 1 });
    t.equal(await store.undo(undo), true);
    t.equal(await store.undo(undo), false);
    t.match(await store.take(peek({ userId })), { remaining: 4 });
    t.match(await store.take(request({ userId, checkId: 'mine' })), { repeated: false, remaining: 3 });
  });

  t.test(`${name}: a change of tier takes effect at once and keeps the count`, async (t) => {
    const { store, userId } = fresh();
    const limit = (limit: number) => ({ userId, policies: [{ ...perMinute, limit }] });
    await takeTimes(store, 10, limit(10));
    t.match(await store.take(request(limit(50))), { allowed: true, remaining: 39 });
    t.match(await store.take(request(limit(10))), { allowed: false, remaining: 0, retryAfter: 60 });
  });

  t.test(`${name}: what is counted under a tier without policies counts under the next`, async (t) => {
    const { store, userId } = fresh();
    const free = await takeTimes(store, 4, { userId, policies: [] });
    t.match(free[3], { allowed: true, limit: null, remaining: null, resetAt: null, policies: [] });
    t.match(await store.take(peek({ userId })), { remaining: 6 });
  });

  t.test(`${name}: a clock that steps back admits nothing earlier`, async (t) => {
    const { clock, store, userId } = fresh();
    await takeTimes(store, 10, { userId });
    clock.advance(-30);
    t.match(await store.take(request({ userId })), { allowed: false, retryAfter: 90 });
    clock.advance(89);
    t.match(await store.take(request({ userId })), { allowed: false, retryAfter: 1 });
    clock.advance(1);
    t.match(await store.take(request({ userId })), { allowed: true });
  });
}
