/** The same test on both implementations: a fresh, migrated database each time. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Database } from '../../src/stores/postgres/database.js';
import { migrate } from '../../src/stores/postgres/migrate.js';
import { openPostgres } from '../../src/stores/postgres/node-postgres.js';
import { openPglite } from '../../src/stores/postgres/pglite.js';

type Teardown = { teardown(fn: () => Promise<void>): unknown };

export interface TestDatabase {
  kind: 'postgres' | 'pglite';
  /** Another connection of the same data: another instance's. PGlite has but one. */
  open(): Promise<Database>;
}

/** The server that tests run against; each test makes its own database there. */
const SERVER = process.env.TEST_DATABASE_URL;

export async function freshPostgres(t: Teardown): Promise<TestDatabase> {
  if (!SERVER) throw new Error('TEST_DATABASE_URL is not set: run the tests with npm test');
  const name = `farebox_${randomBytes(6).toString('hex')}`;
  await onServer(SERVER, `create database ${name}`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  const opened: Database[] = [];
  const open = async () => {
    const database = openPostgres({ url: url.href });
    opened.push(database);
    return database;
  };
  t.teardown(async () => {
    for (const database of opened) await database.close();
    await onServer(SERVER, `drop database ${name} with (force)`);
  });
  await migrate(await open());
  return { kind: 'postgres', open };
}

export async function freshPglite(t: Teardown): Promise<TestDatabase> {
  const database = await openPglite();
  t.teardown(() => database.close());
  await migrate(database);
  return { kind: 'pglite', open: async () => database };
}

export const BOTH = { postgres: freshPostgres, pglite: freshPglite };

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
