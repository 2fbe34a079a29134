import t from 'tap';
import type { LimitRequest, LimitStore, TakenDecision } from '../../src/domain/ports/limit-store.js';
import { MemoryLimitStore } from '../../src/stores/memory/memory-limit-store.js';
import { RedisLimitStore } from '../../src/stores/redis/redis-limit-store.js';
import { peek, request, TestClock } from './limit-requests.js';
import { PATIENT_MS, startRedisOfEachKind } from './redis-of-each-kind.js';

// One suite, every implementation: a check that is sent several times counts once, for as long as one copy needs it.
const implementations: [string, (clock: TestClock) => LimitStore][] = [
  ['memory', (clock) => new MemoryLimitStore({ clock })],
];
for (const { name, connect } of await startRedisOfEachKind(t)) {
  const redis = await connect();
  implementations.push([name, (clock) => new RedisLimitStore({ redis, clock, deadlineMs: PATIENT_MS })]);
}
/** More than the byte of a record in Redis can count. */
const MANY = 300;

for (const [name, make] of implementations) {
  let users = 100;
  const fresh = () => {
    const clock = new TestClock();
    const store = make(clock);
    const userId = ++users;
    const take = (change: Partial<LimitRequest> = {}) =>
      store.take(request({ userId, checkId: 'x', ...change }));
    const leave = ({ operation, counted }: TakenDecision) =>
      counted && store.leave({ userId, operation, checkId: 'x', retainSeconds: 60, counted });
    const remaining = async () => (await store.take(peek({ userId }))).remaining;
    return { clock, store, userId, take, leave, remaining };
  };

  t.test(`${name}: whichever copy steps down first, the count stays for the others`, async (t) => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ]) {
      const { take, leave, remaining } = fresh();
      const copies = [await take({ cost: 3 }), await take({ cost: 3 }), await take({ cost: 3 })];
      t.same(
        copies.map((copy) => copy.repeated),
        [false, true, true],
      );
      for (const [left, i] of order.entries()) {
        t.equal(await remaining(), 7, `${left} of 3 have left`);
        await leave(copies[i] as TakenDecision);
      }
      t.equal(await remaining(), 10, 'given back with the last');
      t.match(await take(), { repeated: false }, 'and counted again when it comes again');
    }
  });

  t.test(`${name}: a denied check and a peek stand on nothing`, async (t) => {
    const { take, store, userId } = fresh();
    t.equal((await take({ cost: 11 })).counted, null);
    t.equal((await store.take(peek({ userId }))).counted, null);
  });

  t.test(
    `${name}: undo gives the count back for all copies, whose leaving then changes nothing`,
    async (t) => {
      const { clock, take, leave, remaining, store, userId } = fresh();
      const copies = [await take(), await take()];
      t.equal(await store.undo({ userId, operation: 'chat', checkId: 'x', retainSeconds: 60 }), true);
      t.equal(await remaining(), 10);
      clock.advance(1);
      await take();
      for (const copy of copies) await leave(copy);
      t.equal(await remaining(), 9, 'the check that came later is another count');
    },
  );

  t.test(`${name}: who leaves a window late does not take the next count of that check`, async (t) => {
    const { clock, take, leave, remaining } = fresh();
    const late = await take();
    clock.advance(60);
    t.match(await take(), { repeated: false });
    await leave(late);
    t.equal(await remaining(), 9);
  });

  t.test(`${name}: ${MANY} copies never give back what another stands on`, async (t) => {
    const { take, leave, remaining } = fresh();
    const copies: TakenDecision[] = [];
    for (let i = 0; i < MANY; i++) copies.push(await take());
    for (const copy of copies.slice(1)) await leave(copy);
    t.equal(await remaining(), 9);
  });
}
