/** A database as the version before paid time left it, with users in every state. */
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Test } from 'tap';
import type { Database } from '../../../../src/stores/postgres/driver/database.js';
import { openPostgres } from '../../../../src/stores/postgres/driver/node-postgres.js';
import { asDatabase } from '../../../../src/stores/postgres/driver/pglite.js';
import { createEmptyDatabase } from '../../../support/postgres-template.js';
import { projectFile } from '../../../support/project-file.js';
import { ROOT } from '../../../tidy/source-file.js';

/** The last migration of the version that made the fixture, and the moment at which it was left. */
const BEFORE = 1795362864275;
export const LEFT_AT = Date.parse('2027-03-20T12:00:00Z');
const FIXTURE = projectFile('billing-service/test/stores/postgres/driver/before-paid-time.sql');

export const EMPTY = {
  postgres: async (t: Test) => openPostgres({ url: await createEmptyDatabase(t) }),
  pglite: async () => asDatabase(await PGlite.create()),
};

export async function asItWas(database: Database): Promise<void> {
  const files = readMigrationFiles({ migrationsFolder: join(ROOT, 'drizzle') });
  await database.query('create schema drizzle');
  await database.query(
    'create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
  );
  for (const { sql, hash, folderMillis } of files.filter((file) => file.folderMillis <= BEFORE)) {
    for (const statement of sql) await database.query(statement);
    await database.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
      hash,
      folderMillis,
    ]);
  }
  for (const statement of FIXTURE.split(/;\n/).filter((text) => text.trim())) await database.query(statement);
}
