import type { Priced } from '../../../domain/account/reservation-receipt.js';
import type {
  AccountView,
  HotReserve,
  HotTransition,
  ReserveItem,
  TransitionItem,
} from '../../../domain/ports/ledger.js';
import type { Database } from '../driver/database.js';
import type { Batch } from './batch.js';
import type { LedgerContext } from './ledger-context.js';
import type { LockedAccounts } from './locked-accounts.js';
import type { ModelNumbers } from './model-numbers.js';
import type { Turns } from './turns.js';

/** What all callers share. */
export interface SharedLedger {
  database: Database;
  context: LedgerContext;
  reserves: Batch<ReserveItem, HotReserve>;
  transitions: Batch<TransitionItem, HotTransition>;
  accounts: Batch<number, AccountView | null>;
  priced: Batch<{ userId: number; id: string }, Priced | null>;
  turns: Turns;
  locked: LockedAccounts;
  models: ModelNumbers;
}

/** What waits and what is on its way, for the figures. */
export const loadOf = ({ reserves, transitions, accounts, priced, turns }: SharedLedger) => ({
  [reserves.name]: reserves.load,
  [transitions.name]: transitions.load,
  [accounts.name]: accounts.load,
  [priced.name]: priced.load,
  slow: turns.load,
});
