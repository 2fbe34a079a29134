/** A process that tells the events of the database named by its argument, says so a line a page, and ends with its stdin. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { eventFollower } from './tell-events.js';

const database = openPostgres({ url: process.argv[2] ?? '' });
const { follower } = await eventFollower(database);
process.stdin.resume().once('close', () => process.exit(0));
for (;;) {
  const did = await follower.runOnce().catch((error: Error) => error.message);
  process.stdout.write(`${did}\n`);
  await sleep(2);
}
