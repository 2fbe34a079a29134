import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import * as schema from '../schema/schema.js';
import { ConnectionPool } from './connection-pool.js';
import type { Database, Drizzle, Queryable, TransactionLimits } from './database.js';
import { READ_COMMIT_SETTING, refuseLooseCommit } from './durability.js';
import { asFailure, isLost, mayRunAgain } from './failure.js';
import { openOwnConnection } from './own-connection.js';
import { readPages } from './read-pages.js';

export interface PostgresOptions {
  url: string;
  poolSize?: number;
  /** False behind a pooler in transaction mode that knows no named statements. */
  preparedStatements?: boolean;
  onError?: (error: Error) => void;
}

const MAX_ATTEMPTS = 5;
const LOCK_TIMEOUT_MS = 2_000;
/** The console, exports and usage: whatever they ask, the calls have all other connections. */
const READING_CONNECTIONS = 2;
const READING_STATEMENT_MS = 5_000;
/** An instance that stops between BEGIN and COMMIT, or is cut off there, holds its rows no longer than this. */
const IDLE_IN_TRANSACTION_MS = 5_000;
const PROBE_TIMEOUT_MS = 2_000;

/**
 * In a pool of their own: a flood of slow transactions must not keep hot statements waiting. As many as all batches
 * together may have in flight, and one each for when one of theirs is stuck.
 */
const HOT_CONNECTIONS = 8;

export function openPostgres(options: PostgresOptions): Database {
  const named = options.preparedStatements ?? true;
  const poolSize = options.poolSize ?? 12;
  const greeted = (settings = '') => ({ onConnect: (client: pg.ClientBase) => greet(client, settings) });
  const pool = new ConnectionPool(options, { max: poolSize, ...greeted() });
  const hotPool = new ConnectionPool(options, {
    max: HOT_CONNECTIONS,
    ...greeted(named ? PLAN_ONCE : ''),
  });
  // A single connection that nothing else can use up or keep waiting.
  const probePool = new ConnectionPool(options, { max: 1, query_timeout: PROBE_TIMEOUT_MS });

  const readingPool = new ConnectionPool(options, {
    max: READING_CONNECTIONS,
    query_timeout: READING_STATEMENT_MS + 500,
    ...greeted(),
  });

  return {
    kind: 'postgres',
    transactionsAtOnce: Math.ceil(poolSize * 0.75),
    drizzle: drizzle(pool as unknown as pg.Pool, { schema }) as unknown as Drizzle,
    query: (text, values = []) => pool.run({ text, values: [...values] }),
    hot: (name, text, values) =>
      hotPool.run(named ? { name, text, values: [...values] } : { text, values: [...values] }),
    transaction: (work, limits) => transaction(pool, work, limits),
    reading: (work) => transaction(readingPool, work, { begin: READ_ONE_SNAPSHOT }),
    pages: <R>(text: string, values: readonly unknown[], rowsAPage: number) =>
      readPages<R & object>(readingPool, text, values, rowsAPage),
    probe: (text) => probePool.run({ text }),
    pools: () => ({
      ordinary: pool.state,
      hot: hotPool.state,
      probe: probePool.state,
      reading: readingPool.state,
    }),
    own: () => openOwnConnection(options.url),
    close: async () => {
      await Promise.all([pool.end(), hotPool.end(), probePool.end(), readingPool.end()]);
    },
  };
}

/**
 * Each hot statement is planned once a connection: for small batches Postgres would otherwise plan every time, which
 * took longer (0.9 ms) than the work (0.5 ms). A plan made while a table was still empty would scan it for as long as
 * the connection lives. Not done where connections are shared with other programs: no plan is kept there anyway.
 */
const PLAN_ONCE = 'set enable_seqscan = off; set plan_cache_mode = force_generic_plan;';

const READ_ONE_SNAPSHOT = `begin isolation level repeatable read read only; set local statement_timeout = ${READING_STATEMENT_MS}`;

/** What a new connection is told, and asked, in one message before anybody gets it. */
async function greet(client: pg.ClientBase, settings: string): Promise<void> {
  const answers = [await client.query(`${settings}${READ_COMMIT_SETTING}`)].flat();
  refuseLooseCommit(answers.at(-1)?.rows[0]?.value);
}

async function transaction<T>(
  pool: ConnectionPool,
  work: (tx: Queryable) => Promise<T>,
  limits: TransactionLimits & { begin?: string } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(pool, work, limits);
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !mayRunAgain(error)) throw asFailure(error);
    }
  }
}

/** Our own, because drizzle's leaks the client when BEGIN fails. A client whose state is in doubt is closed. */
async function attemptOnce<T>(
  pool: ConnectionPool,
  work: (tx: Queryable) => Promise<T>,
  { lockTimeoutMs = LOCK_TIMEOUT_MS, begin = 'begin' }: TransactionLimits & { begin?: string },
): Promise<T> {
  const client = await pool.take();
  let failure: unknown;
  try {
    // One message, and the transaction's own: behind a pooler the connection is somebody else's a moment later.
    await client.query(
      `${begin}; set local lock_timeout = ${lockTimeoutMs}; ` +
        `set local idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}`,
    );
    const result = await work(over(client));
    await client.query('commit');
    return result;
  } catch (error) {
    failure = await undo(client, error);
    throw error;
  } finally {
    pool.giveBack(client, failure);
  }
}

/** What is wrong with the connection, if anything. One that has gone silent is not asked to undo it: closing it does. */
async function undo(client: pg.PoolClient, error: unknown): Promise<unknown> {
  if (isLost(error)) return error;
  try {
    await client.query('rollback');
    return undefined;
  } catch (failed) {
    return failed;
  }
}

function over(client: pg.PoolClient): Queryable {
  return {
    drizzle: drizzle(client, { schema }) as unknown as Drizzle,
    query: async <R>(text: string, values: readonly unknown[] = []) =>
      (await client.query(text, [...values])).rows as R[],
  };
}
