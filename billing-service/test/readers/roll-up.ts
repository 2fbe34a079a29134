import { FollowLedger } from '../../src/readers/follow-ledger.js';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { usageRollup } from '../../src/stores/postgres/readers/usage-rollup.js';

/** All that the ledger has by now goes into the sums. */
export async function rollUp(database: Database): Promise<void> {
  const follower = new FollowLedger({ reader: usageRollup(database), onError: () => {} });
  while ((await follower.runOnce()) !== 'all');
}
