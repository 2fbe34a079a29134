/** A process that rolls up usage of the database named by its argument, says so a line a page, and ends with its stdin. */
import { setTimeout as sleep } from 'node:timers/promises';
import { FollowLedger } from '../../src/readers/follow-ledger.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { usageRollup } from '../../src/stores/postgres/readers/usage-rollup.js';

const database = openPostgres({ url: process.argv[2] ?? '' });
const follower = new FollowLedger({ reader: usageRollup(database), onError: () => {} });
process.stdin.resume().once('close', () => process.exit(0));
for (;;) {
  const did = await follower.runOnce().catch((error: Error) => error.message);
  process.stdout.write(`${did}\n`);
  await sleep(5);
}
