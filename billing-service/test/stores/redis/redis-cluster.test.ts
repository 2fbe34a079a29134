/** What a cluster of three masters must keep to when one of them dies or hangs. The limiters' own suites run on it too. */
import { setTimeout as sleep } from 'node:timers/promises';
import keySlot from 'cluster-key-slot';
import t from 'tap';
import { until } from '../../../../common/test/support/until.js';
import type { BusEvent } from '../../../src/domain/ports/bus.js';
import type { LimitDecision, LimitStore } from '../../../src/domain/ports/limit-store.js';
import { logKey } from '../../../src/stores/redis/redis-limits.js';
import { openRedisStores } from '../../../src/stores/redis/redis-stores.js';
import { peek, request, TestClock, takeTimes } from '../limit-requests.js';
import { PrivateCluster } from './private-cluster.js';
import type { PrivateRedis } from './private-redis.js';

const cluster = await PrivateCluster.start();
t.teardown(() => cluster.stop());
const clock = new TestClock();
let users = 0;

/** One service instance, which was told of one node only. */
async function instance() {
  const warnings: string[] = [];
  const setting = { urls: cluster.urls.slice(0, 1), cluster: true };
  const stores = await openRedisStores(setting, clock, { warn: (line) => warnings.push(line) });
  const heard: BusEvent[] = [];
  stores.bus.subscribe((event) => heard.push(event));
  t.teardown(() => stores.close());
  return { ...stores, heard, warnings };
}
const one = await instance();
const two = await instance();

/** A new user whose log lies on this node. */
function userOn(node: PrivateRedis): number {
  do users += 1;
  while (cluster.nodeOf(logKey(users)) !== node);
  return users;
}

/** Asks by ever new users of this node until Redis decides. */
const recovered = (store: LimitStore, node: PrivateRedis) =>
  until(async () => !(await store.take(peek({ userId: userOn(node) }))).degraded);

t.test('every key of one user lies in one slot, the one that Redis says', async (t) => {
  const keys = [1, 2, 77, 123_456_789, 2 ** 53 - 1].flatMap((userId) => [
    logKey(userId),
    `x{u:${userId}}y{z}`,
  ]);
  keys.push('', 'plain', '{}empty', 'open{', 'close}', '{{a}}', '123456789');
  const node = cluster.nodes[0] as PrivateRedis;
  const slots = await node.ask((redis) => Promise.all(keys.map((key) => redis.cluster('KEYSLOT', key))));
  t.same(keys.map(keySlot), slots);
  t.equal(keySlot(logKey(77)), keySlot('anything else of {u:77}'));
  const nodes = new Set(Array.from({ length: 100 }, (_, userId) => cluster.nodeOf(logKey(userId))));
  t.equal(nodes.size, 3, 'and users are spread over all masters');
});

t.test('instances share the counts, on every master', async (t) => {
  for (const node of cluster.nodes) {
    let decisions: LimitDecision[] = [];
    // A slow machine may miss the deadline of 50 ms; then the count is the process' own, and this says nothing.
    await until(async () => {
      const userId = userOn(node);
      const first = await takeTimes(one.limits, 6, { userId });
      decisions = await takeTimes(two.limits, 6, { userId });
      return ![...first, ...decisions].some((d) => d.degraded);
    });
    t.same(
      decisions.map((d) => d.allowed),
      [true, true, true, true, false, false],
    );
  }
  t.ok(await until(() => one.limitsShared()));
});

t.test('events reach every instance', async (t) => {
  const pings: BusEvent[] = [1, 2, 3].map((userId) => ({ kind: 'user', userId }));
  for (const event of pings) one.bus.publish(event);
  t.ok(await until(() => two.heard.length >= 3));
  t.same(two.heard, pings, 'in order, and nobody is told to forget everything');
});

t.test('a master that hangs: late once, for its own users only, until it goes on', async (t) => {
  const [node, elsewhere] = cluster.nodes as [PrivateRedis, PrivateRedis];
  const here = userOn(node);
  await takeTimes(one.limits, 2, { userId: here });
  node.freeze();
  const first = await one.limits.take(request({ userId: here }));
  t.match(first, { allowed: true, degraded: true, remaining: 7 });
  // Sent in one moment: none of them waits for the node.
  const rest = await Promise.all(Array.from({ length: 9 }, () => one.limits.take(request({ userId: here }))));
  t.equal(rest.filter((d) => d.allowed).length, 7);
  t.ok(await recovered(one.limits, elsewhere), 'the others are counted in the cluster all the while');
  node.thaw();
  await cluster.whole();
  t.ok(await recovered(one.limits, node));
  t.match(await one.limits.take(request({ userId: here })), { allowed: false, degraded: true });
});

t.test(
  'a master killed under load: every check is answered, no limit is passed, and it recovers',
  async (t) => {
    const [, node] = cluster.nodes as [PrivateRedis, PrivateRedis];
    const userIds = cluster.nodes.map((of) => userOn(of));
    const admitted = new Map(userIds.map((userId) => [userId, 0]));
    let asked = 0;
    const load = async (userId: number) => {
      for (let i = 0; i < 400; i++) {
        const policies = [{ operation: '*', limit: 50, windowSeconds: 60 }];
        const { allowed } = await one.limits.take(request({ userId, policies }));
        asked += 1;
        if (allowed) admitted.set(userId, (admitted.get(userId) ?? 0) + 1);
        if (i % 10 === 0) await sleep(1);
      }
    };
    const kill = async () => {
      await until(() => asked > 60);
      await node.stop();
    };
    await Promise.all([...userIds.map(load), kill()]);
    t.same([...admitted.values()], [50, 50, 50]);
    t.match(await one.limits.take(request({ userId: userOn(node) })), { allowed: true, degraded: true });
    t.notOk(await one.limitsShared());
    // The cluster as a whole refuses to serve while slots are missing: everybody is counted here then.
    const away = one.warnings.filter((line) => line.includes(`:${node.port}`));
    t.equal(away.length, 1, 'one line in the log, not one a request');

    await node.restart();
    await cluster.whole();
    for (const any of cluster.nodes) t.ok(await recovered(one.limits, any));
    t.ok(await until(() => one.limitsShared()));
  },
);

t.test(
  'a cluster that died whole and came back counts again, and everybody has forgotten everything',
  async (t) => {
    const before = [one.heard.length, two.heard.length];
    await Promise.all(cluster.nodes.map((node) => node.stop()));
    t.match(await one.limits.take(request({ userId: 1 })), { degraded: true });
    one.bus.publish({ kind: 'catalogue' });
    await Promise.all(cluster.nodes.map((node) => node.restart()));
    await cluster.whole();
    for (const node of cluster.nodes) t.ok(await recovered(two.limits, node));
    for (const [i, { heard }] of [one, two].entries()) {
      t.ok(await until(() => heard.slice(before[i]).some((event) => event.kind === 'all')));
    }
    one.bus.publish({ kind: 'user', userId: 9 });
    t.ok(await until(() => two.heard.some((event) => event.kind === 'user' && event.userId === 9)));
  },
);

t.test(
  'without the cluster at the start: limits at once from this process, later from the cluster',
  async (t) => {
    await Promise.all(cluster.nodes.map((node) => node.stop()));
    const late = await instance();
    t.match(await late.limits.take(request({ userId: userOn(cluster.nodes[0] as PrivateRedis) })), {
      degraded: true,
    });
    await Promise.all(cluster.nodes.map((node) => node.restart()));
    await cluster.whole();
    for (const node of cluster.nodes) t.ok(await recovered(late.limits, node));
  },
);
