import pg from 'pg';
import { types } from './connection-pool.js';
import type { OwnConnection } from './database.js';
import { asFailure } from './failure.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** How soon a silent connection is asked for a sign of life, which is all that ends a statement here. */
const KEEP_ALIVE_MS = 10_000;

/** One connection outside the pools, whose statements may take as long as they need. */
export async function openOwnConnection(url: string): Promise<OwnConnection> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    application_name: 'farebox migration',
    types,
  });
  // A connection that breaks is told to whoever waits for its statement, or sends the next one.
  client.on('error', () => {});
  await client.connect();
  return {
    query: async <R>(text: string, values: readonly unknown[] = []) => {
      try {
        return (await client.query(text, [...values])).rows as R[];
      } catch (error) {
        throw asFailure(error);
      }
    },
    close: () => client.end(),
  };
}
