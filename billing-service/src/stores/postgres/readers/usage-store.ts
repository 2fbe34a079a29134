import { UnavailableError } from '../../../domain/ports/unavailable-error.js';
import type { UsageRequest, UsageRow, UsageStore } from '../../../domain/ports/usage-store.js';
import type { Database, Queryable } from '../driver/database.js';
import { countOf, ledgerEnds, lengthOf, type Reach, reachOf } from './ledger-reach.js';
import { usageLines } from './usage-lines.js';
import { USAGE_READER } from './usage-rollup.js';
import { sourcesOf } from './usage-sources.js';
import { usageStatement } from './usage-statement.js';

export class PostgresUsageStore implements UsageStore {
  readonly #database: Pick<Database, 'reading'>;

  constructor(database: Pick<Database, 'reading'>) {
    this.#database = database;
  }

  sum(request: UsageRequest): Promise<UsageRow[] | 'too many entries'> {
    return this.#database.reading((tx) => sumUsage(tx, request));
  }
}

/**
 * `tx` sees one snapshot. The ends of what is read are asked for first, and given as numbers: a plan made without them
 * would take a third of the ledger to lie behind the mark, and read all of it.
 */
export async function sumUsage(
  tx: Pick<Queryable, 'query'>,
  request: UsageRequest,
): Promise<UsageRow[] | 'too many entries'> {
  const sources = sourcesOf(request);
  const { throughId, lastId } = await ledgerEnds(tx, USAGE_READER);
  const { from, to, userId, maxEntries } = request;
  const live: Reach = { from, to, after: throughId, through: lastId };
  if (userId === undefined && lengthOf(live) > maxEntries) {
    throw new UnavailableError('usage is behind the ledger, and catches up');
  }
  const read: Reach[] = [live];
  for (const span of sources.entries) read.push(await reachOf(tx, span));
  const count =
    userId === undefined
      ? read.reduce((sum, reach) => sum + lengthOf(reach), 0)
      : await countOf(tx, userId, read, maxEntries + 1);
  if (count > maxEntries) return 'too many entries';
  const { text, values } = usageStatement(request, (put) => usageLines(request, sources, read, put));
  return tx.query<UsageRow>(text, values);
}
