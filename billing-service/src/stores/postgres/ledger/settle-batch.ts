import { readFileSync } from 'node:fs';
import type { HotSettle, SettleItem } from '../../../domain/ports/ledger.js';
import { Batch, type BatchContext, UNFIT, WRITES_IN_FLIGHT } from './batch.js';
import type { Database } from '../driver/database.js';
import { errorCode } from '../driver/failure.js';
import { conflictsOfSettle, type SettledRow, settleParameters, toSettled } from './settle-items.js';

const STATEMENT = readFileSync(new URL('./hot/settle.sql', import.meta.url), 'utf8');
const MAX_ITEMS = 512;

/** How the statement says that a reservation was ended by somebody else while it waited: see its header. */
const DIVISION_BY_ZERO = '22012';

/** All commits, releases and extensions that are waiting travel as hot/settle.sql. */
export function settleBatch(
  database: Database,
  context: () => BatchContext,
): Batch<SettleItem, HotSettle | typeof UNFIT> {
  const settled = async (items: SettleItem[], sent: BatchContext) => {
    try {
      return await database.hot<SettledRow>('farebox_settle', STATEMENT, settleParameters(items, sent));
    } catch (error) {
      if (errorCode(error) === DIVISION_BY_ZERO) return [];
      throw error;
    }
  };
  return new Batch({
    maxItems: MAX_ITEMS,
    maxInFlight: WRITES_IN_FLIGHT,
    conflictsOf: conflictsOfSettle,
    send: async (items) => {
      const sent = context();
      const answers: (HotSettle | typeof UNFIT)[] = items.map(() => UNFIT);
      for (const row of await settled(items, sent)) answers[row.ord - 1] = toSettled(row, sent.priceList);
      return answers;
    },
  });
}
