import type { ConnectionPool } from './connection-pool.js';
import { asFailure, isLost } from './failure.js';

/** For what comes first: a statement that sorts a whole table has to. */
const STATEMENT_MS = 60_000;
/** Longer than whoever reads is waited for: it is they who end it, and the server only where this process cannot. */
const IDLE_MS = 60_000;

/** Nothing here is worth compiling, and the estimate of a whole table would make Postgres do so. */
const BEGIN =
  'begin isolation level repeatable read read only; set local jit = off; ' +
  `set local statement_timeout = ${STATEMENT_MS}; set local idle_in_transaction_session_timeout = ${IDLE_MS}`;

/** One transaction with a cursor: behind a pooler, too, all of it is on one connection. */
export async function* readPages<R extends object>(
  pool: ConnectionPool,
  text: string,
  values: readonly unknown[],
  rowsAPage: number,
): AsyncGenerator<R[], void> {
  const client = await taken(pool);
  let failure: unknown;
  try {
    await client.query(BEGIN);
    await client.query(`declare pages no scroll cursor for ${text}`, [...values]);
    const fetch = { text: `fetch ${rowsAPage} from pages`, query_timeout: STATEMENT_MS + 500 };
    for (let isMore = true; isMore; ) {
      const { rows } = await client.query<R>(fetch);
      if (rows.length > 0) yield rows;
      isMore = rows.length === rowsAPage;
    }
  } catch (error) {
    if (isLost(error)) failure = error;
    throw asFailure(error);
  } finally {
    // It wrote nothing, so its end is the same whether it came to the last row or was left.
    if (failure === undefined) await client.query('rollback').catch((error) => (failure = error));
    pool.giveBack(client, failure);
  }
}

async function taken(pool: ConnectionPool) {
  try {
    return await pool.take();
  } catch (error) {
    throw asFailure(error);
  }
}
