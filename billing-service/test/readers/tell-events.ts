import type { Clock } from '../../src/domain/ports/clock.js';
import { OffsetClock } from '../../src/domain/ports/clock.js';
import { FollowLedger } from '../../src/readers/follow-ledger.js';
import { MemoryBus } from '../../src/stores/memory/memory-bus.js';
import { openCatalogueStore } from '../../src/stores/postgres/catalogue/catalogue-store.js';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { eventReader } from '../../src/stores/postgres/readers/event-reader.js';
import { nextPage } from './roll-up.js';

/** A reader of events with a small page, so that a few entries make many pages. */
export async function eventFollower(database: Database, clock: Clock = new OffsetClock()) {
  const catalogue = await openCatalogueStore(database, new MemoryBus());
  const reader = eventReader({ database, catalogue, clock });
  const follower = new FollowLedger({ reader, onError: () => {}, page: 7 });
  return { follower, close: () => catalogue.close() };
}

/** Tells all that happened until now. */
export async function tellEvents(database: Database, clock?: Clock): Promise<void> {
  const { follower, close } = await eventFollower(database, clock);
  while ((await nextPage(follower)) !== 'all');
  close();
}
