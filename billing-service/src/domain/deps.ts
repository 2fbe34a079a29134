import type { LimitHits } from './events/limit-hits.js';
import type { CatalogueStore } from './ports/catalogue-store.js';
import type { Clock } from './ports/clock.js';
import type { Erasures } from './ports/erasures.js';
import type { Ledger } from './ports/ledger.js';
import type { LimitStore } from './ports/limit-store.js';
import type { Telemetry } from './ports/telemetry.js';
import type { UserStore } from './ports/user-store.js';
import type { RefusalTally } from './refusals/refusal-tally.js';

/** What the decisions are made with. */
export interface Deps {
  clock: Clock;
  catalogue: CatalogueStore;
  users: UserStore;
  limits: LimitStore;
  ledger: Ledger;
  telemetry: Telemetry;
  erasures: Erasures;
  /** Who met a limit, to be told of. */
  hits: Pick<LimitHits, 'note'>;
  /** Who was refused, to be counted. */
  refused: Pick<RefusalTally, 'note'>;
}
