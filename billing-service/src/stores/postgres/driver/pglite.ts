import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { makeOwnerOnly } from '../../../../../common/src/owner-only.js';
import * as schema from '../schema/schema.js';
import type { Database, Drizzle, Queryable } from './database.js';
import { asFailure } from './failure.js';

const EMPTY_CLUSTER = fileURLToPath(new URL('../../../../../../dist/empty-cluster', import.meta.url));

/**
 * PostgreSQL inside this process, in `directory` (absent: in memory, for tests). One connection, so all queue for it.
 */
export async function openPglite(directory?: string): Promise<Database> {
  if (directory && !existsSync(directory)) layEmptyCluster(directory);
  const lite = await PGlite.create(directory ? { dataDir: directory } : {});
  if (directory) makeOwnerOnly(directory);
  return asDatabase(lite);
}

/**
 * The build made one; if it did not, PGlite makes its own, which takes seconds longer. A copy cut short does not count.
 */
function layEmptyCluster(directory: string): void {
  if (!existsSync(EMPTY_CLUSTER)) return;
  const draft = `${directory}.new`;
  rmSync(draft, { recursive: true, force: true });
  cpSync(EMPTY_CLUSTER, draft, { recursive: true });
  renameSync(draft, directory);
}

export function asDatabase(lite: PGlite): Database {
  const shape = over(lite);
  return {
    kind: 'pglite',
    ...shape,
    transactionsAtOnce: 1,
    probe: (text) => shape.query(text),
    // PGlite keeps no named statements; planning each time costs it little.
    hot: (_name, text, values) => shape.query(text, values),
    transaction: async (work) => {
      try {
        return (await lite.transaction((tx) => work(over(tx)))) as Awaited<ReturnType<typeof work>>;
      } catch (error) {
        throw asFailure(error);
      }
    },
    pools: () => ({}),
    reading: async (work) => {
      try {
        return (await lite.transaction(async (tx) => {
          await tx.exec('set transaction isolation level repeatable read read only');
          return work(over(tx));
        })) as Awaited<ReturnType<typeof work>>;
      } catch (error) {
        throw asFailure(error);
      }
    },
    pages: (text, values, rowsAPage) => heldPages(shape, text, values, rowsAPage),
    own: async () => ({ query: shape.query, close: async () => {} }),
    close: () => lite.close(),
  };
}

let cursors = 0;

/**
 * All share the one connection, so there can be no transaction for as long as somebody reads. Postgres lays the rows aside
 * instead, at once and in a file of its own where they are many.
 */
async function* heldPages<R>(
  { query }: Queryable,
  text: string,
  values: readonly unknown[],
  rowsAPage: number,
): AsyncGenerator<R[], void> {
  const name = `pages_${++cursors}`;
  await query(`declare ${name} no scroll cursor with hold for ${text}`, values);
  try {
    for (let isMore = true; isMore; ) {
      const rows = await query<R>(`fetch ${rowsAPage} from ${name}`);
      if (rows.length > 0) yield rows;
      isMore = rows.length === rowsAPage;
    }
  } finally {
    await query(`close ${name}`);
  }
}

function over(lite: PGlite | Transaction): Queryable {
  return {
    // A Transaction has the same query() as PGlite itself, and drizzle's session calls nothing else.
    drizzle: drizzle(lite as PGlite, { schema }) as unknown as Drizzle,
    query: async <R>(text: string, values: readonly unknown[] = []) => {
      try {
        return (await lite.query<R>(text, [...values])).rows;
      } catch (error) {
        throw asFailure(error);
      }
    },
  };
}
