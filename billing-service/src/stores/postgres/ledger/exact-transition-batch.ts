import { readFileSync } from 'node:fs';
import type { HotTransition, TransitionItem } from '../../../domain/ports/ledger.js';
import type { Database } from '../driver/database.js';
import { Batch, type BatchContext, WRITES_IN_FLIGHT } from './batch.js';
import {
  conflictsOfTransition,
  type TransitionRow,
  toTransition,
  transitionParameters,
} from './transition-items.js';

const STATEMENT = readFileSync(new URL('./hot/transition-exact.sql', import.meta.url), 'utf8');
const MAX_ITEMS = 512;

interface Row extends TransitionRow {
  /** 1 done, 0 slow. */
  status: number;
}

/** Commits, releases and extensions of accounts that cannot take all of them, one by one: hot/transition-exact.sql. */
export function exactTransitionBatch(
  database: Database,
  context: () => BatchContext,
): Batch<TransitionItem, HotTransition> {
  return new Batch({
    maxItems: MAX_ITEMS,
    maxInFlight: WRITES_IN_FLIGHT,
    conflictsOf: conflictsOfTransition,
    send: async (items) => {
      const sent = context();
      const rows = await database.hot<Row>(
        'farebox_transition_exact',
        STATEMENT,
        transitionParameters(items, sent),
      );
      const answers: HotTransition[] = items.map(() => ({ status: 'slow' }));
      for (const row of rows) if (row.status === 1) answers[row.ord - 1] = toTransition(row, sent.priceList);
      return answers;
    },
  });
}
