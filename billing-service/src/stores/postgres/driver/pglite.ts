import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { makeOwnerOnly } from '../../../../../common/src/owner-only.js';
import * as schema from '../schema/schema.js';
import type { Database, Drizzle, Queryable } from './database.js';
import { asFailure } from './failure.js';

const EMPTY_CLUSTER = fileURLToPath(new URL('../../../../../empty-cluster', import.meta.url));

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
    own: async () => ({ query: shape.query, close: async () => {} }),
    close: () => lite.close(),
  };
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
