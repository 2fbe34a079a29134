/** The drills of docs/operations.md: a copy made while the service is at work is a whole ledger, and serves. */

import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { createEmptyDatabase, createTestDatabase } from '../support/postgres-template.js';
import { type RunningService, startService, temporaryFolder } from '../support/start-service.js';
import { whereFound } from '../support/test-environment.js';

t.setTimeout(10 * 60_000);
const run = promisify(execFile);
const USERS = 8;

async function call<Body>(
  { url, adminKey }: RunningService,
  method: string,
  path: string,
  body?: object,
  key?: string,
): Promise<Body> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${adminKey}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(key ? { 'idempotency-key': key } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Body;
}

/** A grant, a charge that stays, and a hold that is open still. */
async function turn(service: RunningService, user: string, i: number): Promise<void> {
  const grant = { user, amount: 50, source: 'promo', reason: 'a drill' };
  await call(service, 'POST', '/tokens/grant', grant, `${user}-${i}`);
  const hold = { user, operation: 'chatgpt_message' };
  const done = await call<{ reservationId: string }>(service, 'POST', '/tokens/reserve', hold);
  await call(service, 'POST', '/tokens/commit', { reservationId: done.reservationId });
  await call(service, 'POST', '/tokens/reserve', { ...hold, ttlSeconds: 86_400 });
}

const names = (prefix: string) => Array.from({ length: USERS }, (_, i) => `${prefix}:${i}`);

async function balancesOf(service: RunningService, users: string[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const user of users) {
    const { total, reserved, available } = await call<Record<string, number>>(
      service,
      'GET',
      `/users/${user}/balance`,
    );
    found.push({ user, total, reserved, available });
  }
  return found;
}

const auditOf = (service: RunningService) =>
  call<{ accounts: number; entries: number; mismatches: unknown[] }>(service, 'GET', '/audit');

t.test(
  'pg_dump of a service at work, restored: no mismatch, the same balances, and old keys replay',
  whereFound('TEST_PG_DUMP', 'pg_dump'),
  async (t) => {
    const DATABASE_URL = await createTestDatabase(t, 'direct');
    const service = await startService(t, { DATABASE_URL });
    for (const user of names('quiet')) await turn(service, user, 0);
    const before = await balancesOf(service, names('quiet'));

    let isOver = false;
    let turns = 0;
    const busy = names('busy').map(async (user) => {
      for (let i = 0; !isOver; i++) {
        await turn(service, user, i);
        turns++;
      }
    });
    while (turns < USERS) await new Promise((resolve) => setTimeout(resolve, 20));
    const file = join(temporaryFolder(t), 'farebox.dump');
    await run('pg_dump', ['--format=custom', `--file=${file}`, DATABASE_URL]);
    isOver = true;
    await Promise.all(busy);
    const original = await auditOf(service);
    await service.stop();

    const restored = await createEmptyDatabase(t, 'direct');
    await run('pg_restore', ['--no-owner', '--exit-on-error', `--dbname=${restored}`, file]);
    const again = await startService(t, { DATABASE_URL: restored });
    const audit = await auditOf(again);
    t.same(audit.mismatches, [], 'the ledger is whole');
    t.ok(
      audit.entries >= 4 * USERS && audit.entries <= original.entries,
      `${audit.entries} of ${original.entries} entries`,
    );
    t.same(await balancesOf(again, names('quiet')), before, 'who was quiet has what they had');
    const grant = { user: 'quiet:0', amount: 50, source: 'promo', reason: 'a drill' };
    await call(again, 'POST', '/tokens/grant', grant, 'quiet:0-0');
    t.same(await balancesOf(again, ['quiet:0']), [before[0]], 'a retry from before the backup is a repeat');
    await turn(again, 'quiet:0', 1);
    t.same((await auditOf(again)).mismatches, [], 'and it goes on');
  },
);

t.test('the embedded database: its folder, copied while the service is stopped', async (t) => {
  const DATA_DIR = temporaryFolder(t);
  const service = await startService(t, { DATA_DIR });
  for (const user of names('web')) await turn(service, user, 0);
  const before = await balancesOf(service, names('web'));
  await service.stop();
  const copy = join(temporaryFolder(t), 'data');
  cpSync(DATA_DIR, copy, { recursive: true });
  const again = await startService(t, { DATA_DIR: copy });
  t.same(await balancesOf(again, names('web')), before);
  t.same((await auditOf(again)).mismatches, []);
});
