import type { Database } from '../driver/database.js';
import { accountBatch } from './account-batch.js';
import type { LedgerContext } from './ledger-context.js';
import { LockedAccounts } from './locked-accounts.js';
import { ModelNumbers } from './model-numbers.js';
import { PostgresLedger } from './postgres-ledger.js';
import { pricedBatch } from './priced-batch.js';
import { reserveBatch } from './reserve-batch.js';
import { transitionBatch } from './transition-batch.js';
import { Turns } from './turns.js';

/** One for the process; the ledgers of single callers come of it. */
export function openLedger(database: Database, listener: LedgerContext): PostgresLedger {
  const context = { ...listener, onBatchFailure: toldOnce(listener.onBatchFailure) };
  const hot = () => {
    const { priceList, tierNumbers } = context.catalogue.current();
    return { now: context.clock.now(), priceList, tierNumbers };
  };
  const watch = { onSent: listener.telemetry.batchSent, tracer: listener.tracer };
  const locked = new LockedAccounts();
  const models = new ModelNumbers(database);
  return new PostgresLedger({
    ...{ database, context, locked, models },
    reserves: reserveBatch(database, hot, locked, models, watch),
    transitions: transitionBatch(database, hot, locked, models, watch),
    accounts: accountBatch(database, context.clock, watch),
    priced: pricedBatch(database, watch),
    turns: new Turns(database.transactionsAtOnce, locked),
  });
}

/** All items of a statement are rejected with the same failure. */
function toldOnce(tell: (failure: unknown) => void): (failure: unknown) => void {
  const told = new WeakSet<object>();
  return (failure) => {
    if (told.has(failure as object)) return;
    told.add(failure as object);
    tell(failure);
  };
}
