/** The domain over real stores and a clock that tests set: one instance of the service, without its HTTP. */

import type { Tier } from '../../src/domain/catalogue/catalogue.js';
import type { Deps } from '../../src/domain/deps.js';
import type { Bus } from '../../src/domain/ports/bus.js';
import type { Clock } from '../../src/domain/ports/clock.js';
import { SILENT } from '../../src/domain/ports/telemetry.js';
import { MemoryBus } from '../../src/stores/memory/memory-bus.js';
import { MemoryLimitStore } from '../../src/stores/memory/memory-limit-store.js';
import { openCatalogueStore } from '../../src/stores/postgres/catalogue/catalogue-store.js';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { openLedger } from '../../src/stores/postgres/ledger/open-ledger.js';
import { PostgresErasures } from '../../src/stores/postgres/users/erased-texts.js';
import { PostgresUserStore } from '../../src/stores/postgres/users/user-store.js';
import type { TestDatabase } from './databases.js';
import { TEST_AUTHOR } from './test-author.js';

export class SetClock implements Clock {
  constructor(public nowMs: number) {}

  now(): number {
    return this.nowMs;
  }
}

export interface Farebox extends Deps {
  database: Database;
  clock: SetClock;
  /** Hot statements that failed as a whole. */
  batchFailures: unknown[];
}

interface Teardown {
  teardown(fn: () => void): unknown;
}

/** Call it again with the same store, clock and bus for a second instance. */
export async function openFarebox(
  t: Teardown,
  store: TestDatabase,
  clock: SetClock,
  bus: Bus = new MemoryBus(),
  grantsRead?: number,
): Promise<Farebox> {
  const database = await store.open();
  const catalogue = await openCatalogueStore(database, bus);
  t.teardown(() => catalogue.close());
  const users = new PostgresUserStore({ database, bus, clock, catalogue });
  const batchFailures: unknown[] = [];
  const ledger = openLedger(database, {
    clock,
    catalogue,
    grantsRead,
    onPlanChange: (userId) => users.invalidate(userId),
    telemetry: SILENT,
    onBatchFailure: (error) => batchFailures.push(error),
  });
  const limits = new MemoryLimitStore({ clock });
  const hits = { note: () => {} };
  const refused = hits;
  return {
    clock,
    catalogue,
    users,
    limits,
    ledger,
    hits,
    refused,
    erasures: new PostgresErasures(database),
    telemetry: SILENT,
    database,
    batchFailures,
  };
}

/** Changes some of a tier, or makes a new one. */
export async function setTier(
  { catalogue }: Pick<Deps, 'catalogue'>,
  tier: Partial<Tier> & { id: string },
): Promise<void> {
  const present = catalogue.current().tiers.get(tier.id);
  const fresh: Tier = {
    ...{ id: tier.id, name: tier.id, monthlyTokens: 0, overdraft: 0, maxOpenReservations: null },
    ...{ requiresChannel: false, graceSeconds: 0, prices: [], policies: [], features: [], position: 0 },
  };
  await catalogue.by(TEST_AUTHOR).putTier({ ...(present ?? fresh), ...tier }, () => true);
}
