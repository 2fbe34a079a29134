import type { Priced } from '../../../domain/account/reservation-receipt.js';
import { plainArray } from '../driver/array-literal.js';
import type { Database } from '../driver/database.js';
import { Batch, type BatchWatch } from './batch.js';
import { statementText } from './statement-text.js';

const MAX_ITEMS = 512;

interface Wanted {
  userId: number;
  id: string;
}

/** What reservations were priced by: reads that are waiting travel as hot/priced.sql; null where there is none. */
export function pricedBatch(database: Database, watch?: BatchWatch): Batch<Wanted, Priced | null> {
  const statement = statementText('priced');
  return new Batch({
    name: 'priced',
    ...watch,
    maxItems: MAX_ITEMS,
    conflictsOf: () => [],
    // Only commits and repeated answers ask.
    work: 'ending',
    send: async (wanted) => {
      const rows = await database.hot<Priced & { ord: number }>('farebox_priced', statement, [
        plainArray(wanted.map(({ userId }) => userId)),
        plainArray(wanted.map(({ id }) => id)),
      ]);
      const found: (Priced | null)[] = wanted.map(() => null);
      for (const { ord, ...priced } of rows) found[ord - 1] = priced;
      return found;
    },
  });
}
