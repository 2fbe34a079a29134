import { readFileSync } from 'node:fs';
import type { HotTransition, TransitionItem } from '../../../domain/ports/ledger.js';
import type { Database } from '../driver/database.js';
import { errorCode } from '../driver/failure.js';
import { Batch, type BatchContext, UNFIT, WRITES_IN_FLIGHT } from './batch.js';
import {
  conflictsOfTransition,
  type TransitionRow,
  toTransition,
  transitionParameters,
} from './transition-items.js';

const STATEMENT = readFileSync(new URL('./hot/transition.sql', import.meta.url), 'utf8');
const MAX_ITEMS = 512;

/** How the statement says that another transaction has ended one of its reservations: see its header. */
const DIVISION_BY_ZERO = '22012';

/** All commits, releases and extensions that are waiting travel as hot/transition.sql. */
export function transitionBatch(
  database: Database,
  context: () => BatchContext,
): Batch<TransitionItem, HotTransition | typeof UNFIT> {
  const settled = async (items: TransitionItem[], sent: BatchContext) => {
    try {
      return await database.hot<TransitionRow>(
        'farebox_transition',
        STATEMENT,
        transitionParameters(items, sent),
      );
    } catch (error) {
      if (errorCode(error) === DIVISION_BY_ZERO) return [];
      throw error;
    }
  };
  return new Batch({
    maxItems: MAX_ITEMS,
    maxInFlight: WRITES_IN_FLIGHT,
    conflictsOf: conflictsOfTransition,
    send: async (items) => {
      const sent = context();
      const answers: (HotTransition | typeof UNFIT)[] = items.map(() => UNFIT);
      for (const row of await settled(items, sent)) answers[row.ord - 1] = toTransition(row, sent.priceList);
      return answers;
    },
  });
}
