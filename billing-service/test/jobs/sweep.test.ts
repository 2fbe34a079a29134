/** What the sweeper does where much is due, and where some of it cannot be done. */
import t from 'tap';
import { Sweeper } from '../../src/jobs/sweep.js';
import { MemoryBus } from '../../src/stores/memory/memory-bus.js';
import { BOTH, freshPostgres } from '../support/databases.js';
import { type Farebox, openFarebox, SetClock } from '../support/farebox.js';

const START = Date.parse('2027-03-01T10:00:00Z');
t.setTimeout(240_000);

/** Users without tokens whose accounts are due since so many seconds before START. */
async function dueUsers({ database }: Farebox, count: number, secondsAgo: number): Promise<void> {
  await database.query(
    `with made as (
       insert into users (tier, created_at) select 'gift', $2::timestamptz from generate_series(1, $1::integer)
       returning id
     )
     insert into accounts (user_id, next_due_at) select id, $2::timestamptz - $3::integer * interval '1 second' from made`,
    [count, new Date(START), secondsAgo],
  );
}

const leftDue = async ({ database }: Farebox): Promise<number> => {
  const [row] = await database.query<{ left: number }>(
    'select count(*) as left from accounts where next_due_at <= $1',
    [new Date(START)],
  );
  return row?.left ?? -1;
};

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(
    `${kind}: 250 accounts that cannot be brought up to date hide no other, and are not tried all the time`,
    async (t) => {
      const farebox = await openFarebox(t, await fresh(t), new SetClock(START));
      await farebox.database.query(
        `insert into accounts (user_id, next_due_at) select 1000000 + i, $1 from generate_series(1, 250) i`,
        [new Date(START - 3_600_000)],
      );
      await dueUsers(farebox, 3, 1);
      const errors: unknown[] = [];
      let nowMs = 0;
      const sweeper = new Sweeper({ ...farebox, onError: (error) => errors.push(error), nowMs: () => nowMs });
      await sweeper.runOnce();
      await sweeper.runOnce();
      t.equal(await leftDue(farebox), 250, 'only those without a user are left');
      t.equal(errors.length, 250);
      await sweeper.runOnce();
      t.equal(errors.length, 250, 'each waits');
      nowMs += 10_000;
      for (let run = 0; run < 3; run++) await sweeper.runOnce();
      t.equal(errors.length, 500, 'and is tried again');
      nowMs += 10_000;
      for (let run = 0; run < 3; run++) await sweeper.runOnce();
      t.equal(errors.length, 500, 'after twice the time');
    },
  );
}

t.test('two instances that sweep at once take different accounts', async (t) => {
  const store = await freshPostgres(t);
  const clock = new SetClock(START);
  const bus = new MemoryBus();
  const both = [await openFarebox(t, store, clock, bus), await openFarebox(t, store, clock, bus)] as const;
  await dueUsers(both[0], 1_500, 60);
  const sweepers = both.map(
    (one) => new Sweeper({ ...one, onError: (error) => t.fail(String(error)), nowMs: () => 0 }),
  );
  const swept = await Promise.all(sweepers.map((sweeper) => sweeper.runOnce()));
  const done = 1_500 - (await leftDue(both[0]));
  t.ok(done > 300, `${done} of twice 200`);
  t.equal(
    swept.reduce((sum, { accounts }) => sum + accounts, 0) - done < 5,
    true,
    'and none is done twice, but where both looked at the same moment',
  );
});

t.test('a run that takes too long goes on where it was', async (t) => {
  const farebox = await openFarebox(t, await BOTH.pglite(t), new SetClock(START));
  await dueUsers(farebox, 6, 60);
  await farebox.database.query(
    `update accounts set next_due_at = null, open_count = 1, reserved = 0, hold_due_at = $1`,
    [new Date(START - 1)],
  );
  let nowMs = 0;
  const sweeper = new Sweeper({
    ...farebox,
    onError: (error) => t.fail(String(error)),
    // Each look at the clock is two seconds later.
    nowMs: () => (nowMs += 2_000),
  });
  const runs: number[] = [];
  for (let run = 0; run < 12; run++) runs.push((await sweeper.runOnce()).accounts);
  t.ok(
    runs.every((accounts) => accounts <= 2),
    `a bound on time: ${runs}`,
  );
  const [row] = await farebox.database.query<{ open: number }>(
    'select sum(open_count) as open from accounts',
  );
  t.equal(Number(row?.open), 0, 'nobody is forgotten');
});
