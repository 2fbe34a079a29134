import pg from 'pg';
import { OverloadedError } from '../../../domain/ports/unavailable-error.js';
import type { PoolState } from './database.js';
import { asFailure, isLost, isSilence } from './failure.js';

/**
 * The driver's own timeout, because a server that hangs would not obey a statement_timeout. Nobody waits longer than this
 * for an answer over HTTP.
 */
const QUERY_TIMEOUT_MS = 4_000;
/** For a new connection, and for the turn at one. */
const CONNECT_TIMEOUT_MS = 3_000;
/** Beyond it they could not be served within that time: a statement takes a millisecond and more. */
const MAX_WAITING = 1_000;

/** All tokens fit a double exactly: grants stop far below 2^53. */
export const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** node-postgres' pool, with bounds on what waits, and no trust in connections that have gone silent. */
export class ConnectionPool {
  readonly pool: pg.Pool;
  /** When each connection was last known to be good: it was made, lent or given back. */
  readonly #heardAt = new Map<pg.PoolClient, number>();
  /** One that was last good before then may be as dead as the one that was lent then, and never answered. */
  #doubtedAt = Number.NEGATIVE_INFINITY;

  constructor(options: { url: string; onError?: (error: Error) => void }, of: pg.PoolConfig) {
    this.pool = new pg.Pool({
      connectionString: options.url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'farebox',
      types,
      ...of,
    });
    // Without a listener, a single idle backend that is terminated would end the process. So would the backend of a
    // transaction, because the pool does not listen to a client that is in use. The transaction itself learns of it when
    // its next statement is refused.
    this.pool.on('error', (error) => options.onError?.(error));
    this.pool.on('connect', (client) => {
      client.on('error', () => {});
      this.#heardAt.set(client, performance.now());
    });
    this.pool.on('remove', (client) => this.#heardAt.delete(client));
  }

  get state(): PoolState {
    const { totalCount: size, options, idleCount: idle, waitingCount: waiting } = this.pool;
    return { size, most: options.max, idle, waiting };
  }

  async take(): Promise<pg.PoolClient> {
    for (;;) {
      if (this.pool.waitingCount >= MAX_WAITING) throw new OverloadedError('too many wait for a connection');
      const client = await this.pool.connect();
      const heardAt = this.#heardAt.get(client) ?? 0;
      if (heardAt >= this.#doubtedAt) {
        this.#heardAt.set(client, performance.now());
        return client;
      }
      client.release(true);
    }
  }

  /** `failure`: what was wrong with the connection; it is then closed. */
  giveBack(client: pg.PoolClient, failure?: unknown): void {
    const takenAt = this.#heardAt.get(client) ?? 0;
    if (failure === undefined) this.#heardAt.set(client, performance.now());
    else if (isSilence(failure)) this.#doubtedAt = Math.max(this.#doubtedAt, takenAt);
    client.release(failure !== undefined);
  }

  /** In the form of pg.Pool's, for drizzle: its statements, too, wait in this line and no other. */
  async query<R extends pg.QueryResultRow>(
    config: pg.QueryConfig,
    values?: unknown[],
  ): Promise<pg.QueryResult<R>> {
    const client = await this.take();
    let failure: unknown;
    try {
      return await client.query<R>(config, values);
    } catch (error) {
      if (isLost(error)) failure = error;
      throw error;
    } finally {
      this.giveBack(client, failure);
    }
  }

  async run<R>(config: pg.QueryConfig): Promise<R[]> {
    try {
      return (await this.query(config)).rows as R[];
    } catch (error) {
      throw asFailure(error);
    }
  }

  end(): Promise<void> {
    return this.pool.end();
  }
}
