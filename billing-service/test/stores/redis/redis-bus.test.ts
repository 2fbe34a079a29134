import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { BusEvent } from '../../../src/domain/ports/bus.js';
import { RedisBus } from '../../../src/stores/redis/redis-bus.js';
import { connectListener } from '../../../src/stores/redis/redis-connection.js';
import { connected } from '../limit-requests.js';
import { PrivateRedis } from './private-redis.js';

const server = await PrivateRedis.start();
t.teardown(() => server.stop());

async function instance() {
  const redis = await connected(server.url);
  const bus = new RedisBus(redis, connectListener(server.url));
  const heard: BusEvent[] = [];
  bus.subscribe((event) => heard.push(event));
  t.teardown(async () => {
    await bus.close();
    redis.disconnect();
  });
  return { bus, heard };
}

async function until(condition: () => boolean, ms = 3000): Promise<boolean> {
  for (const start = performance.now(); performance.now() - start < ms; await sleep(5))
    if (condition()) return true;
  return condition();
}

const listening = (count: number) =>
  server.ask(async (redis) => {
    for (let tries = 0; tries < 200; tries++) {
      const [, subscribers] = (await redis.pubsub('NUMSUB', 'fbx:events')) as [string, number];
      if (subscribers === count) return;
      await sleep(10);
    }
  });

const one = await instance();
const two = await instance();

t.test('an event reaches this process at once, the others soon, and nobody twice', async (t) => {
  await listening(2);
  one.bus.publish({ kind: 'user', userId: 7 });
  t.same(one.heard, [{ kind: 'user', userId: 7 }], 'at once');
  const start = performance.now();
  t.ok(await until(() => two.heard.length > 0));
  t.ok(performance.now() - start < 100, 'within 100 ms');
  await sleep(50);
  t.same(two.heard, [{ kind: 'user', userId: 7 }]);
  t.equal(one.heard.length, 1);
});

t.test('what is not ours on the channel is ignored', async (t) => {
  await server.ask(async (redis) => {
    await redis.publish('fbx:events', 'not json');
    await redis.publish('fbx:events', 'null');
    await redis.publish('fbx:events', '{"from":"x"}');
  });
  one.bus.publish({ kind: 'clock' });
  t.ok(await until(() => two.heard.length === 2));
  t.same(two.heard.at(-1), { kind: 'clock' });
});

t.test('a gap in the numbers of a sender says that events were lost', async (t) => {
  const before = two.heard.length;
  const send = (seq: number) =>
    server.ask((redis) =>
      redis.publish('fbx:events', JSON.stringify({ from: 'x', seq, event: { kind: 'catalogue' } })),
    );
  await send(5);
  await send(6);
  await send(8);
  t.ok(await until(() => two.heard.length === before + 3));
  t.same(
    two.heard.slice(before).map((event) => event.kind),
    ['catalogue', 'catalogue', 'all'],
  );
});

t.test('after a lost connection everybody forgets everything', async (t) => {
  await server.stop();
  const [before, after] = [one.heard.length, two.heard.length];
  one.bus.publish({ kind: 'catalogue' });
  t.equal(one.heard.length, before + 1, 'own listeners hear without Redis');
  await server.restart();
  t.ok(await until(() => two.heard.slice(after).some((event) => event.kind === 'all')));
  t.ok(await until(() => one.heard.slice(before).some((event) => event.kind === 'all')));
});

t.test('an event that a hanging Redis did not take is made good', async (t) => {
  await listening(2);
  const before = two.heard.length;
  server.freeze();
  one.bus.publish({ kind: 'catalogue' });
  await sleep(1200);
  server.thaw();
  t.ok(await until(() => two.heard.slice(before).some((event) => event.kind === 'all')));
});
