/** A migration may take minutes, wait for its turn or for a table, and is still applied once, while others serve. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { until } from '../../../../../common/test/support/until.js';
import { migrate } from '../../../../src/stores/postgres/driver/migrate.js';
import { BOTH, freshPostgres, type TestDatabase } from '../../../support/databases.js';
import { whereFound } from '../../../support/test-environment.js';

t.setTimeout(180_000);

/** A folder of migrations as drizzle-kit writes it, later than all of ours. */
function folderOf(t: { teardown(fn: () => void): unknown }, ...migrations: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-migrations-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'meta'));
  const entries = migrations.map((sql, idx) => {
    writeFileSync(join(folder, `${idx}.sql`), sql);
    return { idx, version: '7', when: 8_000_000_000_000 + idx, tag: String(idx), breakpoints: true };
  });
  writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify({ version: '7', entries }));
  return folder;
}

const BREAK = '\n--> statement-breakpoint\n';
const applied = async (store: TestDatabase) =>
  (await store.open()).query<{ count: number }>(
    'select count(*)::int as count from drizzle.__drizzle_migrations where created_at >= 8000000000000',
  );

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: each migration is applied once, one that fails not at all`, async (t) => {
    const store = await fresh(t);
    const database = await store.open();
    const folder = folderOf(t, 'create table one (id int)', `create table two (id int)${BREAK}select 1/0`);
    await t.rejects(migrate(database, { folder }), /division by zero/);
    await t.rejects(migrate(database, { folder }), /division by zero/, 'the first is not applied again');
    t.same(await applied(store), [{ count: 1 }]);
    await t.rejects(database.query('select * from two'), /does not exist/);
  });

  t.test(`${kind}: what cannot run in a transaction runs outside one`, async (t) => {
    const store = await fresh(t);
    const index = 'create index concurrently if not exists later on users (created_at)';
    const folder = folderOf(t, `-- outside a transaction\n${index}`, 'create table two (id int)');
    await migrate(await store.open(), { folder });
    t.same(await applied(store), [{ count: 2 }]);
  });
}

/** Of a table that is there all along, while the migration of this database is at its long step. */
const USERS_MEANWHILE = `select (select count(*) from users)::integer as users, exists (
    select from pg_stat_activity
    where datname = current_database() and state = 'active' and query like 'select pg_sleep(12)%'
  ) as "isMigrating"`;

for (const way of ['direct', 'pooler'] as const) {
  const server = way === 'pooler' ? 'TEST_POOLER_URL' : 'TEST_DATABASE_URL';

  t.test(
    `${way}: a migration longer than every deadline is waited for, and that is said`,
    whereFound(server, 'pgbouncer'),
    async (t) => {
      const store = await freshPostgres(t, way);
      const folder = folderOf(t, `select pg_sleep(12)${BREAK}create table slow (id int)`);
      const told: string[] = [];
      const all = await Promise.all([store.open(), store.open(), store.open()]);
      const migrating = Promise.all(
        all.map((database) => migrate(database, { folder, tell: (message) => told.push(message) })),
      );
      let served = false;
      const serving = (async () => {
        const old = await store.open();
        for (let isOver = false; !isOver; ) {
          isOver = await Promise.race([migrating.then(() => true), sleep(100, false)]);
          const [row] = await old.query<{ users: number; isMigrating: boolean }>(USERS_MEANWHILE);
          served ||= row?.isMigrating === true;
        }
      })();
      await Promise.all([migrating, serving]);
      t.same(await applied(store), [{ count: 1 }], 'once');
      t.ok(served, 'instances of the version before are served meanwhile');
      t.ok(
        told.some((line) =>
          /another instance has its turn at the tables \(([5-9]|1\d) s so far\)/.test(line),
        ),
        told.join('\n'),
      );
    },
  );

  t.test(
    `${way}: an index is built while instances wait for the turn`,
    whereFound(server, 'pgbouncer'),
    async (t) => {
      const store = await freshPostgres(t, way);
      const index = 'create index concurrently if not exists later on users (created_at)';
      const folder = folderOf(t, `-- outside a transaction\n${index}${BREAK}select pg_sleep(2)`);
      const all = await Promise.all([store.open(), store.open(), store.open()]);
      await Promise.all(all.map((database) => migrate(database, { folder })));
      t.same(await applied(store), [{ count: 1 }]);
      const [row] = await (await store.open()).query<{ valid: boolean }>(
        `select indisvalid as valid from pg_index where indexrelid = 'later'::regclass`,
      );
      t.same(row, { valid: true });
    },
  );
}

t.test('a table that somebody uses is not taken from everybody else while a migration waits', async (t) => {
  const store = await freshPostgres(t);
  const [user, migrating, other] = [await store.open(), await store.open(), await store.open()];
  const folder = folderOf(t, 'alter table users add column later int');
  const told: string[] = [];
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const using = user.own().then(async (connection) => {
    await connection.query('begin');
    await connection.query('select count(*) from users');
    await released;
    await connection.query('commit');
    await connection.close();
  });
  const done = migrate(migrating, { folder, tell: (message) => told.push(message) });
  const isTold = async () => {
    await other.query('select count(*) from users');
    return told.length > 0;
  };
  t.ok(await until(isTold, { everyMs: 100 }));
  await other.query('select count(*) from users');
  t.match(told, [/a table that a migration changes is in use/]);
  release();
  await Promise.all([using, done]);
  t.same(await applied(store), [{ count: 1 }]);
});
