/** A migrated database is made once a run and copied for each test: 40 ms instead of every migration again. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../src/stores/postgres/driver/migrate.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { optional, required, type Teardown } from './test-environment.js';

const TEMPLATE = 'farebox_template';
/** Any number. The test process that gets this lock makes the template; the others wait, and find it done. */
const TEMPLATE_LOCK = 8_125_004;

/** How a test's connections reach Postgres: as they are, or through PgBouncer in transaction mode. */
export type Way = 'direct' | 'pooler';

/** `npm test -- --pgbouncer` sends everything through it. Templates are made and databases come and go without it: it
 * would hold connections to them. */
export const usualWay = (): Way => (optional('TEST_ALL_POOLED') ? 'pooler' : 'direct');

/** A fresh, migrated Postgres database, dropped when the test ends. @returns its URL */
export async function createTestDatabase(t: Teardown, way = usualWay()): Promise<string> {
  const server = required('TEST_DATABASE_URL');
  const name = `farebox_${randomBytes(6).toString('hex')}`;
  await withClient(server, async (client) => {
    await ensureTemplate(client, server);
    await client.query(`create database ${name} template ${TEMPLATE}`);
  });
  t.teardown(() => withClient(server, (client) => client.query(`drop database ${name} with (force)`)));
  return urlOf(way === 'pooler' ? required('TEST_POOLER_URL') : server, name);
}

/** An empty database without tables, for tests of the migrations themselves. @returns its URL */
export async function createEmptyDatabase(t: Teardown, way = usualWay()): Promise<string> {
  const server = required('TEST_DATABASE_URL');
  const name = `farebox_${randomBytes(6).toString('hex')}`;
  await withClient(server, (client) => client.query(`create database ${name} template template0`));
  t.teardown(() => withClient(server, (client) => client.query(`drop database ${name} with (force)`)));
  return urlOf(way === 'pooler' ? required('TEST_POOLER_URL') : server, name);
}

async function ensureTemplate(client: pg.Client, server: string): Promise<void> {
  await client.query(`select pg_advisory_lock(${TEMPLATE_LOCK})`);
  try {
    const found = await client.query('select from pg_database where datname = $1', [TEMPLATE]);
    if (found.rowCount) return;
    // Under another name until it is whole: a run that dies in between leaves no half-made template.
    const draft = `${TEMPLATE}_draft`;
    await client.query(`drop database if exists ${draft}`);
    await client.query(`create database ${draft}`);
    const database = openPostgres({ url: urlOf(server, draft) });
    await migrate(database);
    await database.close();
    await client.query(`alter database ${draft} rename to ${TEMPLATE}`);
  } finally {
    await client.query(`select pg_advisory_unlock(${TEMPLATE_LOCK})`);
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
