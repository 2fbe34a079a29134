import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ownRedisUrl } from '../support/own-redis.js';
import { createEmptyDatabase } from '../support/postgres-template.js';
import { startService, temporaryFolder } from '../support/start-service.js';
import type { Json } from '../support/test-app.js';
import { required } from '../support/test-environment.js';

t.setTimeout(300_000);
const REVOKED_WITHIN_MS = 5_000;
const READY_WITHIN_MS = 10_000;

t.test('two instances that start at once on an empty Postgres are one service', async (t) => {
  const folders = [temporaryFolder(t), temporaryFolder(t)];
  const shared = {
    ADMIN_API_KEY: '',
    TEST_CLOCK: 'true',
    DATABASE_URL: await createEmptyDatabase(t),
    REDIS_URL: ownRedisUrl(),
  };
  const instances = await Promise.all(folders.map((DATA_DIR) => startService(t, { ...shared, DATA_DIR })));
  const printed = instances.map(({ logs }) => /Admin key: (fbx_\S+)/.exec(logs().stdout)?.[1]);
  const key = printed.find(Boolean) ?? '';

  const call = async (i: number, method: string, path: string, body?: Json, as = key) => {
    const response = await fetch(`${instances[i]?.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${as}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  };

  await t.test('they made one admin key, and either takes it', async (t) => {
    t.equal(printed.filter(Boolean).length, 1);
    t.equal(folders.filter((folder) => existsSync(join(folder, 'admin-key'))).length, 1);
    for (const i of [0, 1]) t.equal((await call(i, 'GET', '/tiers')).status, 200);
  });

  await t.test('both are ready, on Postgres and Redis', async (t) => {
    for (const i of [0, 1]) {
      t.match(await call(i, 'GET', '/readyz'), { status: 200, body: { database: 'up', limits: 'up' } });
    }
  });

  await t.test('a key revoked at one stops at the other within 5 s', async (t) => {
    const made = (await call(0, 'POST', '/api-keys', { name: 'x', scopes: ['tokens'] })).body;
    t.equal((await call(1, 'GET', '/tiers', undefined, made.key)).status, 200);
    t.equal((await call(0, 'DELETE', `/api-keys/${made.id}`)).status, 204);
    const deadline = Date.now() + REVOKED_WITHIN_MS;
    // The last is asked when the time is over, however busy the machine is.
    let [status, isLast] = [0, false];
    while (status !== 401 && !isLast) {
      isLast = Date.now() >= deadline;
      ({ status } = await call(1, 'GET', '/tiers', undefined, made.key));
    }
    t.equal(status, 401);
  });

  await t.test('the test clock moves both, and a restart keeps it', async (t) => {
    const nowAt = async (i: number) =>
      Date.parse((await call(i, 'POST', '/test-clock', { advanceSeconds: 0 })).body.now);
    const moved = Date.parse((await call(0, 'POST', '/test-clock', { advanceSeconds: 86_400 })).body.now);
    t.ok(moved > Date.now() + 86_000_000);
    t.ok((await nowAt(1)) >= moved - 5_000);
    await instances[1]?.stop();
    instances[1] = await startService(t, { ...shared, DATA_DIR: folders[1] as string });
    t.ok((await nowAt(1)) >= moved - 5_000);
  });

  await t.test('without Postgres it lives, is not ready, and answers 503', async (t) => {
    const { Client } = (await import('pg')).default;
    const admin = new Client({ connectionString: required('TEST_DATABASE_URL') });
    await admin.connect();
    const name = new URL(shared.DATABASE_URL).pathname.slice(1);
    await admin.query(`alter database ${name} allow_connections false`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    t.equal((await call(0, 'GET', '/livez')).status, 200);
    t.match(await call(0, 'GET', '/readyz'), { status: 503, body: { code: 'unavailable' } });
    const hold = { user: 'demo:you', operation: 'chatgpt_message' };
    t.match(await call(0, 'POST', '/tokens/reserve', hold), { status: 503, body: { code: 'unavailable' } });
    await admin.query(`alter database ${name} allow_connections true`);
    await admin.end();
    // Not at once: a pooler in between tries again a little later.
    const deadline = Date.now() + READY_WITHIN_MS;
    let { status } = await call(0, 'GET', '/readyz');
    while (status !== 200 && Date.now() < deadline) ({ status } = await call(0, 'GET', '/readyz'));
    t.equal(status, 200, 'and is ready again by itself');
  });
});
