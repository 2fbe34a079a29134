import { readFileSync } from 'node:fs';
import type { HotSettle, SettleItem } from '../../../domain/ports/ledger.js';
import { Batch, type BatchContext, WRITES_IN_FLIGHT } from './batch.js';
import type { Database } from '../driver/database.js';
import { conflictsOfSettle, type SettledRow, settleParameters, toSettled } from './settle-items.js';

const STATEMENT = readFileSync(new URL('./hot/settle-exact.sql', import.meta.url), 'utf8');
const MAX_ITEMS = 512;

interface Row extends SettledRow {
  /** 1 done, 0 slow. */
  status: number;
}

/** Commits, releases and extensions of accounts that cannot bear all of them, one by one: hot/settle-exact.sql. */
export function exactSettleBatch(
  database: Database,
  context: () => BatchContext,
): Batch<SettleItem, HotSettle> {
  return new Batch({
    maxItems: MAX_ITEMS,
    maxInFlight: WRITES_IN_FLIGHT,
    conflictsOf: conflictsOfSettle,
    send: async (items) => {
      const sent = context();
      const rows = await database.hot<Row>('farebox_settle_exact', STATEMENT, settleParameters(items, sent));
      const answers: HotSettle[] = items.map(() => ({ status: 'slow' }));
      for (const row of rows) if (row.status === 1) answers[row.ord - 1] = toSettled(row, sent.priceList);
      return answers;
    },
  });
}
