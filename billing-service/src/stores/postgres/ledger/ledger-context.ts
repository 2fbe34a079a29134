/** What the ledger needs of the rest of the service. */
import type { Tracer } from '../../../../../common/src/tracing.js';
import { tierIn } from '../../../domain/catalogue/catalogue.js';
import type { CatalogueStore } from '../../../domain/ports/catalogue-store.js';
import type { Clock } from '../../../domain/ports/clock.js';
import type { LedgerTelemetry } from '../../../domain/ports/telemetry.js';
import type { AccountContext } from './load-account.js';

export interface LedgerContext {
  clock: Clock;
  catalogue: CatalogueStore;
  telemetry: LedgerTelemetry;
  tracer?: Tracer | undefined;
  /** The user's plan changed: drop the profile everywhere. */
  onPlanChange(userId: number): void;
  /** A hot statement failed and its items took the slow path one by one: slow, and worth knowing. */
  onBatchFailure(error: unknown): void;
  /** How many live grants of an account a slow call reads, if it needs no more; 100 if not given. */
  grantsRead?: number | undefined;
}

/** Of one slow call. */
export function accountContext(
  { clock, catalogue, onBatchFailure }: LedgerContext,
  grantsRead: number,
): AccountContext {
  const present = catalogue.current();
  const tierOf = (id: string) => {
    if (!present.tiers.has(id)) void catalogue.refresh().catch(onBatchFailure);
    return tierIn(present, id);
  };
  return { now: clock.now(), tierOf, priceList: present.priceList, grantsRead };
}
