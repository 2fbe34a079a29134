/** The mark passes no entry that is still to appear: not below an open transaction, and not over a kill -9. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { FollowLedger } from '../../src/readers/follow-ledger.js';
import type { Database, OwnConnection } from '../../src/stores/postgres/driver/database.js';
import { openPostgres } from '../../src/stores/postgres/driver/node-postgres.js';
import { usageRollup } from '../../src/stores/postgres/readers/usage-rollup.js';
import { freshPostgres } from '../support/databases.js';
import { createTestDatabase } from '../support/postgres-template.js';
import type { Teardown } from '../support/test-environment.js';
import { nextPage, rollUp } from './roll-up.js';
import { bothSums } from './summed-ledger.js';

const ROLL_UP = fileURLToPath(new URL('./roll-up-forever.js', import.meta.url));
const MARK = `select through_id as mark from marks where reader = 'usage'`;
const markOf = async (database: Database) => (await database.query<{ mark: number }>(MARK))[0]?.mark;
const followerOf = (database: Database) =>
  new FollowLedger({ reader: usageRollup(database), onError: () => {} });

/** A writer as the service's are: the account is locked first, then the entry gets its number. */
async function write(
  database: Database,
  t: Teardown,
  userId: number,
): Promise<OwnConnection & { id: number }> {
  const own = await database.own();
  t.teardown(() => own.close());
  await own.query('insert into accounts (user_id) values ($1) on conflict do nothing', [userId]);
  await own.query('begin');
  await own.query('select from accounts where user_id = $1 for update', [userId]);
  const [entry] = await own.query<{ id: number }>(
    `insert into entries (user_id, kind, amount, balance_after, source, created_at)
     values ($1, 'grant', 10, 10, 'promo', now()) returning id`,
    [userId],
  );
  return { ...own, id: Number(entry?.id) };
}

async function equal(t: Test, database: Database, message: string): Promise<void> {
  await database.reading(async (tx) => {
    for (const userId of [undefined, 1, 2, 3]) {
      const [usage, ledger] = await bothSums(tx, ['month'], { userId });
      t.strictSame(usage, ledger, `${message}, user ${userId}`);
    }
  });
}

t.test('an entry that appears below one that was seen is not passed over', async (t) => {
  const database = await (await freshPostgres(t)).open();
  const before = await markOf(database);
  const slow = await write(database, t, 1);
  const quick = await write(database, t, 2);
  t.ok(slow.id < quick.id, 'the slow one has the lower number');
  await quick.query('commit');
  const follower = followerOf(database);
  t.equal(await follower.runOnce(), 'early', 'the other has been seen, and must wait');
  t.equal(await markOf(database), before, 'the mark has not moved');
  await equal(t, database, 'the answer has it all the same');

  const later = await write(database, t, 3);
  await slow.query('commit');
  t.equal(
    await nextPage(follower),
    'all',
    'a transaction that began later holds up nothing that was seen before',
  );
  t.equal(await markOf(database), quick.id);
  await equal(t, database, 'both are in the sums');
  await later.query('commit');
  await rollUp(database);
  t.equal(await markOf(database), later.id);
  await equal(t, database, 'and so is the last');
});

t.test('what a transaction that is undone had drawn holds up nothing', async (t) => {
  const database = await (await freshPostgres(t)).open();
  const undone = await write(database, t, 1);
  const kept = await write(database, t, 2);
  await undone.query('rollback');
  await kept.query('commit');
  t.equal(await nextPage(followerOf(database)), 'all');
  t.equal(await markOf(database), kept.id);
  await equal(t, database, 'the one that is there is counted');
});

t.test('kill -9 between the sums and the mark: the page is taken once, by the next', async (t) => {
  const url = await createTestDatabase(t, 'direct');
  const database = openPostgres({ url });
  t.teardown(() => database.close());
  const writer = await write(database, t, 1);
  await writer.query('commit');
  const holder = await database.own();
  t.teardown(() => holder.close());
  await holder.query('begin');
  await holder.query('lock table usage_users in share mode');

  const child = spawn(process.execPath, [ROLL_UP, url], { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  const waits = `select from pg_stat_activity where datname = current_database()
    and wait_event_type = 'Lock' and query like '%insert into usage_users%'`;
  while ((await database.query(waits)).length === 0) {
    if (child.exitCode !== null) throw new Error('it has ended by itself');
  }
  child.kill('SIGKILL');
  await ended;
  await holder.query('commit');
  await rollUp(database);
  t.equal(await markOf(database), writer.id);
  const rows = await database.query(`select commits, granted from usage_sums where unit = 'hour'`);
  t.strictSame(rows, [{ commits: 0, granted: 10 }], 'counted once');
  await equal(t, database, 'in both sums');
});
