import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as schema from '../schema/schema.js';
import type { Database, Drizzle, Queryable } from './database.js';
import { READ_COMMIT_SETTING, refuseLooseCommit } from './durability.js';
import { asFailure, mayRunAgain } from './failure.js';
import { openOwnConnection } from './own-connection.js';

export interface PostgresOptions {
  url: string;
  poolSize?: number;
  /** False behind a pooler in transaction mode that knows no named statements. */
  preparedStatements?: boolean;
  onError?: (error: Error) => void;
}

/** The driver's own timeout, because a server that hangs would not obey a statement_timeout. */
const QUERY_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
const MAX_ATTEMPTS = 5;

/** All tokens fit a double exactly: grants stop far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/**
 * In a pool of their own: a flood of slow transactions must not keep hot statements waiting. As many as all batches
 * together may have in flight.
 */
const HOT_CONNECTIONS = 5;

export function openPostgres(options: PostgresOptions): Database {
  const named = options.preparedStatements ?? true;
  const pool = openPool(options, { max: options.poolSize ?? 12 });
  const hotPool = openPool(options, { max: HOT_CONNECTIONS }, named ? PLAN_ONCE : '');

  return {
    kind: 'postgres',
    drizzle: drizzle(pool, { schema }) as unknown as Drizzle,
    query: (text, values = []) => run(pool, { text, values: [...values] }),
    hot: (name, text, values) =>
      run(hotPool, named ? { name, text, values: [...values] } : { text, values: [...values] }),
    transaction: (work) => transaction(pool, work),
    own: () => openOwnConnection(options.url),
    close: async () => {
      await Promise.all([pool.end(), hotPool.end()]);
    },
  };
}

/**
 * Each hot statement is planned once a connection: for small batches Postgres would otherwise plan every time, which
 * took longer (0.9 ms) than the work (0.5 ms). A plan made while a table was still empty would scan it for as long as
 * the connection lives. Not done where connections are shared with other programs: no plan is kept there anyway.
 */
const PLAN_ONCE = 'set enable_seqscan = off; set plan_cache_mode = force_generic_plan;';

/** What a new connection is told, and asked, in one message before anybody gets it. */
async function greet(client: pg.ClientBase, settings: string): Promise<void> {
  const answers = [await client.query(`${settings}${READ_COMMIT_SETTING}`)].flat();
  refuseLooseCommit(answers.at(-1)?.rows[0]?.value);
}

function openPool(options: PostgresOptions, of: pg.PoolConfig, settings = ''): pg.Pool {
  const pool = new pg.Pool({
    ...of,
    onConnect: (client) => greet(client, settings),
    connectionString: options.url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'farebox',
    types,
  });
  // Without a listener, a single idle backend that is terminated would end the process. So would the backend of a
  // transaction, because the pool does not listen to a client that is in use. The transaction itself learns of it when
  // its next statement is refused.
  pool.on('error', (error) => options.onError?.(error));
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

async function run<R>(pool: pg.Pool, config: pg.QueryConfig): Promise<R[]> {
  try {
    return (await pool.query(config)).rows as R[];
  } catch (error) {
    throw asFailure(error);
  }
}

async function transaction<T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(pool, work);
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !mayRunAgain(error)) throw asFailure(error);
    }
  }
}

/** Our own, because drizzle's leaks the client when BEGIN fails. A client whose state is in doubt is destroyed. */
async function attemptOnce<T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let doubtful: Error | boolean = true;
  try {
    await client.query('begin');
    let result: T;
    try {
      result = await work(over(client));
    } catch (error) {
      await client.query('rollback');
      doubtful = false;
      throw error;
    }
    await client.query('commit');
    doubtful = false;
    return result;
  } finally {
    client.release(doubtful);
  }
}

function over(client: pg.PoolClient): Queryable {
  return {
    drizzle: drizzle(client, { schema }) as unknown as Drizzle,
    query: async <R>(text: string, values: readonly unknown[] = []) =>
      (await client.query(text, [...values])).rows as R[],
  };
}
