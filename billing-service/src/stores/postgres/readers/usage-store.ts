import { UnavailableError } from '../../../domain/ports/unavailable-error.js';
import type { UsageRequest, UsageRow, UsageStore } from '../../../domain/ports/usage-store.js';
import type { Database, Queryable } from '../driver/database.js';
import { archivedTo } from '../ledger/archived-to.js';
import { countOf, earliestFrom, ledgerEnds, lengthOf, type Reach, reachOf } from './ledger-reach.js';
import { topUsers } from './top-users.js';
import { usageLines, usersOf } from './usage-lines.js';
import { USAGE_READER } from './usage-rollup.js';
import { isKeptByUser, sourcesOf } from './usage-sources.js';
import { usageStatement } from './usage-statement.js';

export class PostgresUsageStore implements UsageStore {
  readonly #database: Pick<Database, 'reading'>;

  constructor(database: Pick<Database, 'reading'>) {
    this.#database = database;
  }

  sum(request: UsageRequest): Promise<UsageRow[] | 'too many entries' | 'archived'> {
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
): Promise<UsageRow[] | 'too many entries' | 'archived'> {
  const first = isKeptByUser(request) ? await earliestFrom(tx, request.from) : request.from;
  const { sums, entries } = sourcesOf(request, first);
  const { throughId, lastId } = await ledgerEnds(tx, USAGE_READER);
  const { from, to, userId, maxEntries } = request;
  const live: Reach = { from, to, after: throughId, through: lastId };
  if (userId === undefined && lengthOf(live) > maxEntries) {
    throw new UnavailableError('usage is behind the ledger, and catches up');
  }
  const reaches: Reach[] = [live];
  for (const span of entries) reaches.push(await reachOf(tx, span));
  const archived = entries.length > 0 ? await archivedTo(tx) : 0;
  if (reaches.some((reach) => lengthOf(reach) > 0 && reach.after + 1 < archived)) return 'archived';
  const count =
    userId === undefined
      ? reaches.reduce((sum, reach) => sum + lengthOf(reach), 0)
      : await countOf(tx, userId, reaches, maxEntries + 1);
  if (count > maxEntries) return 'too many entries';
  const lines = { sums, reaches, userIds: usersOf(request) };
  const userIds = (await topUsers(tx, request, lines)) ?? lines.userIds;
  const { text, values } = usageStatement(request, (put) => usageLines({ ...lines, userIds }, put));
  return tx.query<UsageRow>(text, values);
}
