import type { Rehearsal } from '../../../domain/ports/ledger.js';
import type { Database, Queryable, TransactionLimits } from '../driver/database.js';

class Undone extends Error {}

/** What `work` comes to, in a transaction that is rolled back where it was a rehearsal. */
export async function keptOrUndone<T>(
  database: Database,
  work: (tx: Queryable) => Promise<T>,
  { rehearsal, ...limits }: TransactionLimits & { rehearsal: Rehearsal | undefined },
): Promise<T> {
  if (!rehearsal) return database.transaction(work, limits);
  const results: T[] = [];
  const rehearse = async (tx: Queryable): Promise<never> => {
    results.push(await work(tx));
    throw new Undone('a rehearsal is undone');
  };
  await database.transaction(rehearse, limits).catch((error) => {
    if (!(error instanceof Undone)) throw error;
  });
  return results[0] as T;
}
