import t from 'tap';
import { until } from '../../../../common/test/support/until.js';
import type { BusEvent } from '../../../src/domain/ports/bus.js';
import { type Publisher, RedisBus } from '../../../src/stores/redis/redis-bus.js';
import { connectListener } from '../../../src/stores/redis/redis-connection.js';
import { connected } from '../limit-requests.js';
import { PATIENT_MS } from '../redis-of-each-kind.js';
import { PrivateRedis } from './private-redis.js';

const server = await PrivateRedis.start();
t.teardown(() => server.stop());

/** Patient: what it sends arrives, however long this machine keeps it waiting; or with the deadline of the service. */
async function instance({ isPatient = true } = {}) {
  const redis = await connected(server.url, [], isPatient ? PATIENT_MS : undefined);
  const unsent: string[] = [];
  const publisher: Publisher = {
    publish: (channel, text) =>
      redis.publish(channel, text).catch((error) => {
        unsent.push(text);
        throw error;
      }),
  };
  const bus = new RedisBus(publisher, connectListener(server.url));
  const heard: BusEvent[] = [];
  bus.subscribe((event) => heard.push(event));
  t.teardown(async () => {
    await bus.close();
    redis.disconnect();
  });
  return { bus, heard, unsent };
}

const listening = (count: number) =>
  server.ask((redis) =>
    until(async () => {
      const [, subscribers] = (await redis.pubsub('NUMSUB', 'fbx:events')) as [string, number];
      return subscribers === count;
    }),
  );

const one = await instance();
const two = await instance();

t.test('an event reaches this process at once, the others by itself, and nobody twice', async (t) => {
  t.ok(await listening(2));
  one.bus.publish({ kind: 'user', userId: 7 });
  t.same(one.heard, [{ kind: 'user', userId: 7 }], 'at once');
  t.ok(await until(() => two.heard.length > 0), 'nothing else need happen for it');
  // Messages keep their order: what came twice, or came back, would have come before the answer.
  two.bus.publish({ kind: 'user', userId: 8 });
  t.ok(await until(() => one.heard.length > 1));
  const both: BusEvent[] = [7, 8].map((userId) => ({ kind: 'user', userId }));
  t.same(two.heard, both);
  t.same(one.heard, both);
});

t.test('what is not ours on the channel is ignored', async (t) => {
  await server.ask(async (redis) => {
    await redis.publish('fbx:events', 'not json');
    await redis.publish('fbx:events', 'null');
    await redis.publish('fbx:events', '{"from":"x"}');
  });
  one.bus.publish({ kind: 'clock' });
  t.ok(await until(() => two.heard.length > 2));
  t.equal(two.heard.length, 3);
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
  const three = await instance({ isPatient: false });
  t.ok(await listening(3));
  const before = two.heard.length;
  server.freeze();
  three.bus.publish({ kind: 'catalogue' });
  t.ok(await until(() => three.unsent.length > 0), 'it is not waited for');
  server.thaw();
  t.ok(await until(() => two.heard.slice(before).some((event) => event.kind === 'all')));
});
