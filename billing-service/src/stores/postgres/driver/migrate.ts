import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Database } from './database.js';

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../../../../../drizzle', import.meta.url));
/**
 * Any number, the same in every instance. One instance takes the lock and migrates; the others wait, and find it done.
 */
const MIGRATION_LOCK = 7_203_415;

/**
 * Brings the database to this version's tables: all of it or nothing, and once, no matter how many instances start
 * together. The lock is the transaction's, not the session's, so that it holds behind a transaction pooler too; that is
 * why drizzle's own migrator, which has no lock, only reads the files here.
 */
export async function migrate(database: Database): Promise<void> {
  const migrations = readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER });
  if (await isMigrated(database, migrations.at(-1)?.folderMillis ?? 0)) return;
  await database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await tx.query('create schema if not exists drizzle');
    await tx.query(
      'create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
    );
    const [last] = await tx.query<{ at: number | null }>(
      'select max(created_at) as at from drizzle.__drizzle_migrations',
    );
    for (const migration of migrations) {
      if (migration.folderMillis <= Number(last?.at ?? 0)) continue;
      for (const statement of migration.sql) await tx.query(statement);
      await tx.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
        migration.hash,
        migration.folderMillis,
      ]);
    }
  });
}

/** Most starts find nothing to do, and need no lock to see it: a migration shows when all of it is there. */
async function isMigrated(database: Database, newest: number): Promise<boolean> {
  const table = 'drizzle.__drizzle_migrations';
  const [found] = await database.query(`select 1 where to_regclass('${table}') is not null`);
  if (!found) return false;
  const [last] = await database.query<{ at: number | null }>(`select max(created_at) as at from ${table}`);
  return Number(last?.at ?? 0) >= newest;
}
