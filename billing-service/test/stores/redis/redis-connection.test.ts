import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import t from 'tap';
import { until } from '../../../../common/test/support/until.js';
import { FallbackLimitStore } from '../../../src/stores/redis/fallback-limit-store.js';
import { RedisGate } from '../../../src/stores/redis/redis-gate.js';
import { RedisLimits } from '../../../src/stores/redis/redis-limits.js';
import { openRedisStores } from '../../../src/stores/redis/redis-stores.js';
import { connected, request, TestClock } from '../limit-requests.js';
import { PATIENT_MS } from '../redis-of-each-kind.js';
import { PrivateRedis } from './private-redis.js';

const server = await PrivateRedis.start();
t.teardown(() => server.stop());

async function warningsUnder(policy: string): Promise<string[]> {
  await server.ask((redis) => redis.config('SET', 'maxmemory-policy', policy));
  const warnings: string[] = [];
  const redis = await connected(server.url, warnings, PATIENT_MS);
  // Answers come in order, and it asked for the policy as soon as it was connected.
  await redis.ping();
  redis.disconnect();
  return warnings;
}

t.test('a Redis that may evict counts is warned of, one that may not is not', async (t) => {
  for (const policy of ['noeviction', 'volatile-ttl']) t.same(await warningsUnder(policy), []);
  for (const policy of ['allkeys-lru', 'volatile-lru', 'allkeys-random']) {
    t.match(await warningsUnder(policy), [new RegExp(`maxmemory-policy is ${policy}`)]);
  }
});

/** A program that ends when Redis has answered so many PINGs, and not before the deadline for them is over. */
const untilAnswered = (pings: number) => `
  const socket = require('node:net').connect(${server.port}, '127.0.0.1');
  const ask = () => socket.write('INFO commandstats\\r\\n');
  socket.on('connect', () => setTimeout(ask, 100)).on('data', (said) => {
    if (String(said).includes('cmdstat_ping:calls=${pings},')) process.exit();
    setTimeout(ask, 20);
  });
`;

t.test('a busy process does not take itself for a hanging Redis', async (t) => {
  const redis = await connected(server.url, [], PATIENT_MS);
  await server.ask((other) => other.config('RESETSTAT'));
  const gate = new RedisGate(redis);
  const answers = Array.from({ length: 500 }, () => gate.run(() => redis.ping()));
  t.equal(spawnSync(process.execPath, ['-e', untilAnswered(500)]).status, 0, 'this process waits, deaf');
  t.same(new Set(await Promise.all(answers)), new Set(['PONG']));
  t.ok(gate.isOpen);
  gate.close();
  redis.disconnect();
});

t.test('a prefix in REDIS_URL keeps the counts of two installations apart', async (t) => {
  const limitsOf = async (prefix: string) => {
    const redis = await connected(`${server.url}?keyPrefix=${prefix}`, [], PATIENT_MS);
    t.teardown(() => redis.disconnect());
    return new FallbackLimitStore({ shared: new RedisLimits(redis, PATIENT_MS), clock: new TestClock() });
  };
  const [one, other] = await Promise.all([limitsOf('one:'), limitsOf('other:')]);
  t.match(await one.take(request()), { remaining: 9, degraded: false });
  t.match(await one.take(request()), { remaining: 8, degraded: false });
  t.match(await other.take(request()), { remaining: 9, degraded: false });
  t.same((await server.ask((redis) => redis.keys('*log'))).sort(), [
    'one:fbx:{u:1}:log',
    'other:fbx:{u:1}:log',
  ]);
});

t.test('without Redis at the start: limits at once from this process, later from Redis', async (t) => {
  await server.stop();
  const clock = new TestClock();
  const stores = await openRedisStores({ urls: [server.url], cluster: false }, clock, { warn: () => {} });
  t.match(await stores.limits.take(request()), { allowed: true, degraded: true });
  await server.restart();
  let userId = 1;
  const isShared = async () => !(await stores.limits.take(request({ userId: ++userId }))).degraded;
  t.ok(await until(isShared));
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
  const isAnswered = () =>
    gate
      .run(() => redis.ping())
      .then(
        (answer) => answer === 'PONG',
        () => false,
      );
  t.ok(await until(isAnswered));
  for (const socket of live) dead.add(socket);
  await t.rejects(gate.run(() => redis.ping()));
  t.ok(await until(isAnswered));
  gate.close();
  redis.disconnect();
  wire.close();
});
