/** The same test on both implementations: a fresh, migrated database each time. */
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { migratedPglite } from './pglite-template.js';
import { createTestDatabase, usualWay } from './postgres-template.js';
import type { Teardown } from './test-environment.js';

export interface TestDatabase {
  kind: 'postgres' | 'pglite';
  /** Another connection of the same data: another instance's. PGlite has but one. */
  open(): Promise<Database>;
}

export async function freshPostgres(t: Teardown, way = usualWay()): Promise<TestDatabase> {
  const opened: Database[] = [];
  // tap runs teardowns last first: the connections close before the database goes.
  const url = await createTestDatabase(t, way);
  t.teardown(() => Promise.all(opened.map((database) => database.close())));
  return {
    kind: 'postgres',
    open: async () => {
      const database = openPostgres({ url, preparedStatements: way === 'direct' });
      opened.push(database);
      return database;
    },
  };
}

export async function freshPglite(t: Teardown): Promise<TestDatabase> {
  const database = await migratedPglite();
  t.teardown(() => database.close());
  return { kind: 'pglite', open: async () => database };
}

export const BOTH = { postgres: (t: Teardown) => freshPostgres(t), pglite: freshPglite };
