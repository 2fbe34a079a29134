import { setTimeout as sleep } from 'node:timers/promises';
import { FollowLedger } from '../../src/readers/follow-ledger.js';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { usageRollup } from '../../src/stores/postgres/readers/usage-rollup.js';

/** All that the ledger has by now goes into the sums. */
export async function rollUp(database: Database): Promise<void> {
  const follower = new FollowLedger({ reader: usageRollup(database), onError: () => {} });
  while ((await follower.runOnce()) !== 'all');
}

/**
 * The next page, when no transaction that began before is left. Other tests' databases are on the same server, and
 * Postgres counts transactions for all of them at once, so any of them may make it too early for a moment.
 */
export async function nextPage(follower: FollowLedger): Promise<'all' | 'more'> {
  for (;;) {
    const state = await follower.runOnce();
    if (state === 'all' || state === 'more') return state;
    await sleep(20);
  }
}
