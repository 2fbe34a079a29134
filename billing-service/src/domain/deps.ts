import type { CatalogueStore, LimitStore, UserStore } from '../stores/stores.js';
import type { Clock } from './clock.js';
import type { Ledger } from './ledger.js';
import type { Telemetry } from './telemetry.js';

/** What the decisions are made with. */
export interface Deps {
  clock: Clock;
  catalogue: CatalogueStore;
  users: UserStore;
  limits: LimitStore;
  ledger: Ledger;
  telemetry: Telemetry;
}
