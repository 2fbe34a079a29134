import { PGlite, type Transaction } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import type { Database, Drizzle, Queryable } from './database.js';
import { asFailure } from './failure.js';
import * as schema from './schema.js';

/** PostgreSQL inside this process, in `directory` (absent: in memory, for tests). One connection, so all queue for it. */
export async function openPglite(directory?: string): Promise<Database> {
  return asDatabase(await PGlite.create(directory ? { dataDir: directory } : {}));
}

export function asDatabase(lite: PGlite): Database {
  const shape = over(lite);
  return {
    kind: 'pglite',
    ...shape,
    // PGlite keeps no statements by name; planning anew costs it little.
    hot: (_name, text, values) => shape.query(text, values),
    transaction: async (work) => {
      try {
        return (await lite.transaction((tx) => work(over(tx)))) as Awaited<ReturnType<typeof work>>;
      } catch (error) {
        throw asFailure(error);
      }
    },
    close: () => lite.close(),
  };
}

function over(lite: PGlite | Transaction): Queryable {
  return {
    // A Transaction answers query() as the PGlite does, which is all that drizzle's session calls.
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
