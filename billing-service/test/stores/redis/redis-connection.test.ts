import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { RedisGate } from '../../../src/stores/redis/redis-gate.js';
import { openRedisStores } from '../../../src/stores/redis/redis-stores.js';
import { connected, request, TestClock } from '../limit-requests.js';
import { PrivateRedis } from './private-redis.js';

const server = await PrivateRedis.start();
t.teardown(() => server.stop());

async function warningsUnder(policy: string): Promise<string[]> {
  await server.ask((redis) => redis.config('SET', 'maxmemory-policy', policy));
  const warnings: string[] = [];
  const redis = await connected(server.url, warnings);
  await sleep(100);
  redis.disconnect();
  return warnings;
}

t.test('a Redis that may evict counts is warned of, one that may not is not', async (t) => {
  for (const policy of ['noeviction', 'volatile-ttl']) t.same(await warningsUnder(policy), []);
  for (const policy of ['allkeys-lru', 'volatile-lru', 'allkeys-random']) {
    t.match(await warningsUnder(policy), [new RegExp(`maxmemory-policy is ${policy}`)]);
  }
});

t.test('a busy process does not take itself for a hanging Redis', async (t) => {
  const redis = await connected(server.url);
  const gate = new RedisGate(redis);
  const answers = Array.from({ length: 500 }, () => gate.run(() => redis.ping()));
  for (const start = performance.now(); performance.now() - start < 300; );
  t.same(new Set(await Promise.all(answers)), new Set(['PONG']));
  t.ok(gate.isOpen);
  gate.close();
  redis.disconnect();
});

t.test('a prefix in REDIS_URL keeps the counts of two installations apart', async (t) => {
  const storesOf = (prefix: string) =>
    openRedisStores({ urls: [`${server.url}?keyPrefix=${prefix}`], cluster: false }, new TestClock(), {
      warn: () => {},
    });
  const [one, other] = await Promise.all([storesOf('one:'), storesOf('other:')]);
  t.match(await one.limits.take(request()), { remaining: 9, degraded: false });
  t.match(await one.limits.take(request()), { remaining: 8, degraded: false });
  t.match(await other.limits.take(request()), { remaining: 9, degraded: false });
  t.same((await server.ask((redis) => redis.keys('*log'))).sort(), [
    'one:fbx:{u:1}:log',
    'other:fbx:{u:1}:log',
  ]);
  await Promise.all([one.close(), other.close()]);
});

t.test('without Redis at the start: limits at once from this process, later from Redis', async (t) => {
  await server.stop();
  const clock = new TestClock();
  const stores = await openRedisStores({ urls: [server.url], cluster: false }, clock, { warn: () => {} });
  t.match(await stores.limits.take(request()), { allowed: true, degraded: true });
  await server.restart();
  let degraded = true;
  for (let tries = 0; degraded && tries < 300; tries++) {
    await sleep(20);
    degraded = (await stores.limits.take(request({ userId: 2 + tries, checkId: 'x' }))).degraded;
  }
  t.equal(degraded, false);
  await stores.close();
});

t.test('a connection that died without a word is given up for a new one', async (t) => {
  const dead = new Set<Socket>();
  const live = new Set<Socket>();
  const wire = createServer((near) => {
    const far = connect(server.port, '127.0.0.1');
    live.add(near);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (data) => dead.has(near) || to.write(data)).on('error', () => {});
      from.on('close', () => to.destroy());
    }
  });
  wire.listen(0, '127.0.0.1');
  await once(wire, 'listening');
  const redis = await connected(`redis://127.0.0.1:${(wire.address() as AddressInfo).port}`);
  const gate = new RedisGate(redis);
  t.equal(await gate.run(() => redis.ping()), 'PONG');
  for (const socket of live) dead.add(socket);
  await t.rejects(gate.run(() => redis.ping()));
  for (let tries = 0; !gate.isOpen && tries < 200; tries++) await sleep(20);
  t.equal(await gate.run(() => redis.ping()), 'PONG');
  gate.close();
  redis.disconnect();
  wire.close();
});
