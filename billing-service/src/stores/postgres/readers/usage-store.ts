import type { UsageRequest, UsageRow, UsageStore } from '../../../domain/ports/usage-store.js';
import type { Database, Queryable } from '../driver/database.js';
import { usageStatement } from './usage-statement.js';

export class PostgresUsageStore implements UsageStore {
  readonly #database: Pick<Database, 'reading'>;

  constructor(database: Pick<Database, 'reading'>) {
    this.#database = database;
  }

  sum(request: UsageRequest): Promise<UsageRow[]> {
    return this.#database.reading((tx) => sumUsage(tx, request));
  }
}

/** One statement, and so of one instant. */
export function sumUsage(tx: Pick<Queryable, 'query'>, request: UsageRequest): Promise<UsageRow[]> {
  const { text, values } = usageStatement(request);
  return tx.query<UsageRow>(text, values);
}
