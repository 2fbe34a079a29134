/** The program on a Redis Cluster: what its callers see while a master is dead. */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { until } from '../../../common/test/support/until.js';
import { PrivateCluster } from '../stores/redis/private-cluster.js';
import type { PrivateRedis } from '../stores/redis/private-redis.js';
import { createTestDatabase } from '../support/postgres-template.js';
import { startService } from '../support/start-service.js';

t.setTimeout(300_000);
t.test('a master of the cluster dies under load: every call is answered 200, and it recovers', async (t) => {
  const cluster = await PrivateCluster.start();
  t.teardown(() => cluster.stop());
  const { url, adminKey, logs } = await startService(t, {
    DATABASE_URL: await createTestDatabase(t),
    REDIS_URL: cluster.urls.join(','),
    REDIS_CLUSTER: 'true',
  });
  t.match(logs().stdout, 'limits in a Redis Cluster');
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
  const check = async (user: string) => {
    const body = JSON.stringify({ user, operation: 'chatgpt_message' });
    const answer = await fetch(`${url}/limits/check`, { method: 'POST', headers, body });
    return { status: answer.status, body: (await answer.json()) as { allowed: boolean; degraded: boolean } };
  };
  const limits = async () => {
    const answer = await fetch(`${url}/readyz`);
    return `${answer.status} ${((await answer.json()) as { limits: string }).limits}`;
  };
  const becomes = async (wanted: string) => {
    await until(async () => (await limits()) === wanted, { everyMs: 50 });
    return limits();
  };
  t.equal(await becomes('200 up'), '200 up');

  const [victim] = cluster.nodes as [PrivateRedis];
  const users = Array.from({ length: 30 }, (_, i) => `web:cluster-${i}`);
  const load = users.map(async (user, i) => {
    const answers = [];
    for (let n = 0; n < 12; n++) {
      if (i === 0 && n === 3) await victim.stop();
      answers.push(await check(user));
    }
    return answers;
  });
  for (const answers of await Promise.all(load)) {
    t.same(new Set(answers.map(({ status }) => status)), new Set([200]));
    t.equal(answers.filter(({ body }) => body.allowed).length, 10, 'and one instance passes no limit');
  }
  t.equal(await becomes('200 degraded'), '200 degraded');
  // The driver forgets the node after some six seconds; its slots are still nobody's.
  const seen = new Set<string>();
  for (let i = 0; i < 20; i++) {
    await sleep(500);
    seen.add(await limits());
  }
  t.same([...seen], ['200 degraded'], 'and it stays so for as long as the master is away');
  await victim.restart();
  await cluster.whole();
  t.equal(await becomes('200 up'), '200 up');
});
