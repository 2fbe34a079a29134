import { fileURLToPath } from 'node:url';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import type { Database, OwnConnection } from './database.js';
import { errorCode } from './failure.js';
import { inTurn, MigrationPatience } from './migration-turn.js';

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../../../../../drizzle', import.meta.url));
const TABLE = 'drizzle.__drizzle_migrations';
/**
 * The first line of a migration that cannot run in a transaction (`create index concurrently`). Its statements run one
 * by one, and all of them again when one fails: each says `if not exists` or the like.
 */
const OUTSIDE = '-- outside a transaction';
/**
 * A statement that waits for a table keeps everybody else from that table: it gives up soon and comes again. Longer than
 * deadlock_timeout (1 s), which is when Postgres asks an autovacuum to make way.
 */
const LOCK_TIMEOUT_MS = 1_500;
/** lock_not_available, deadlock_detected. */
const IN_USE = ['55P03', '40P01'];

export interface MigrateOptions {
  /** Hears what a migration waits for, and how long it has so far. */
  tell?: (message: string) => void;
  folder?: string;
}

/**
 * Brings the database to this version's tables, each migration as a whole or not at all, and once however many instances
 * start together. It has a connection of its own, without a deadline: a large table may take minutes, while instances of
 * the version before go on serving. drizzle's own migrator has no lock, so it only reads the files here.
 */
export async function migrate(database: Database, options: MigrateOptions = {}): Promise<void> {
  const migrations = readMigrationFiles({ migrationsFolder: options.folder ?? MIGRATIONS_FOLDER });
  const newest = migrations.at(-1)?.folderMillis ?? 0;
  // Most starts find nothing to do, and need neither lock nor connection to see it.
  if ((await lastApplied(database)) >= newest) return;
  const patience = new MigrationPatience(options.tell ?? (() => {}));
  const connection = await database.own();
  try {
    for (const migration of migrations) {
      while (!(await isApplied(connection, migration)))
        await apply(database, connection, migration, patience);
    }
  } finally {
    await connection.close();
  }
}

/** False where it was somebody else's turn, or a table was in use: then it is to be looked at again. */
async function apply(
  database: Database,
  connection: OwnConnection,
  migration: MigrationMeta,
  patience: MigrationPatience,
): Promise<void> {
  if (migration.sql[0]?.startsWith(OUTSIDE)) {
    await applyOutside(database, connection, migration, patience);
    return;
  }
  try {
    await inTurn(connection, patience, async () => {
      if (await isApplied(connection, migration)) return;
      await connection.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await connection.query('set local statement_timeout = 0');
      for (const statement of migration.sql) await connection.query(statement);
      await record(connection, migration);
    });
  } catch (error) {
    if (!IN_USE.includes(errorCode(error) ?? '')) throw error;
    await patience.rest('a table that a migration changes is in use');
  }
}

/** The turn is another connection's transaction meanwhile: what runs outside one cannot hold a lock across statements. */
async function applyOutside(
  database: Database,
  connection: OwnConnection,
  migration: MigrationMeta,
  patience: MigrationPatience,
): Promise<void> {
  const work = async () => {
    if (await isApplied(connection, migration)) return;
    for (const statement of migration.sql) await connection.query(statement);
    await record(connection, migration);
  };
  // An embedded database has one connection, and nobody else at it.
  if (database.kind === 'pglite') {
    await work();
    return;
  }
  const holder = await database.own();
  try {
    await inTurn(holder, patience, work);
  } finally {
    await holder.close();
  }
}

async function record(connection: OwnConnection, { hash, folderMillis }: MigrationMeta): Promise<void> {
  await connection.query('create schema if not exists drizzle');
  await connection.query(
    `create table if not exists ${TABLE} (id serial primary key, hash text not null, created_at bigint)`,
  );
  await connection.query(`insert into ${TABLE} (hash, created_at) values ($1, $2)`, [hash, folderMillis]);
}

async function isApplied(connection: OwnConnection, { folderMillis }: MigrationMeta): Promise<boolean> {
  return (await lastApplied(connection)) >= folderMillis;
}

async function lastApplied(connection: Pick<OwnConnection, 'query'>): Promise<number> {
  const [found] = await connection.query(`select 1 where to_regclass('${TABLE}') is not null`);
  if (!found) return 0;
  const [last] = await connection.query<{ at: number | null }>(`select max(created_at) as at from ${TABLE}`);
  return Number(last?.at ?? 0);
}
