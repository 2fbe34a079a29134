import t from 'tap';
import { Sweeper } from '../../src/jobs/sweep.js';
import type { Farebox } from '../support/farebox.js';
import { readRows } from './account-rows.js';
import type { Call } from './call.js';
import type { Answer } from './model-state.js';
import { allSound, bodyOf, hold, kinds, openPair, topup } from './pair.js';
import { run } from './run-call.js';

/** In a few of the rounds somebody comes first, so that each wins sometimes on any machine; all others are open. */
const SURE_WINNERS: Record<number, 'commit' | 'refund' | 'end'> = { 1: 'commit', 2: 'refund', 3: 'end' };

t.setTimeout(240_000);
t.test('commit, refund and expiry racing for one reservation have one winner', async (t) => {
  const pair = await openPair(t);
  const { a, b, both, clock, ids } = pair;
  await run(a, ids, hold('race:other', 'other', 0));
  const users = Array.from({ length: 60 }, (_, i) => `race:${i}`);
  const ends = new Map<string, number>();
  for (const [i, user] of users.entries()) {
    // A third of them race with their end: tokens that end with the hold, and a clock that gets there while the first
    // batch is away and the racing calls wait for the next.
    const late = i % 3 === 0;
    const expiresAt = late ? clock.nowMs + 300_000 : null;
    await run(a, ids, { kind: 'grant', user, amount: 10, source: 'promo', expiresAt });
    await run(a, ids, hold(user, user, 10));
    if (late) clock.nowMs += 299_999;
    const ahead = late
      ? both.map((one) => run(one, ids, { kind: 'extend', label: 'other', ttlSeconds: 1 }))
      : [];
    const sweeper = new Sweeper({ ...b, onError: (error) => t.fail(String(error)) });
    const winner = SURE_WINNERS[i % 12];
    if (winner === 'end') clock.nowMs += 1;
    const commit = () => run(i % 2 ? a : b, ids, { kind: 'commit', label: user, amount: 7 });
    const refund = () => run(i % 2 ? b : a, ids, { kind: 'refund', label: user });
    const first = await { commit, refund, end: undefined }[winner ?? 'end']?.();
    const racing = [winner === 'commit' ? first : commit(), winner === 'refund' ? first : refund()];
    if (late && winner !== 'end') clock.nowMs += 1;
    const sweeps = [sweeper.runOnce(), sweeper.runOnce()];
    const answers = (await Promise.all([...racing, ...sweeps, ...ahead])) as unknown as Answer[];
    const [row] = await readRows(a.database, [user]);
    const [stored] = await a.database.query<{ status: string; charged: number; refunded_total: number }>(
      'select status, charged, refunded_total from reservations where user_id = $1',
      [row?.user_id],
    );
    const back = stored?.status === 'committed' ? stored.refunded_total : 0;
    const end = `${stored?.status} ${kinds(answers.slice(0, 2))}`;
    ends.set(end, (ends.get(end) ?? 0) + 1);
    t.match(
      end,
      /^(committed ok,(ok|reservation_expired)|refunded reservation_settled,ok|expired reservation_expired,.*)$/,
    );
    const kept =
      stored?.status === 'expired' || (late && stored?.status === 'refunded' && row?.total === 0) ? 0 : 10;
    t.equal(row?.total, kept - (stored?.charged ?? 0) + back, 'charged once, given back once');
    t.equal(row?.reserved, 0);
  }
  t.comment(JSON.stringify([...ends]));
  for (const status of ['committed', 'refunded', 'expired']) {
    t.ok(
      [...ends.keys()].some((end) => end.startsWith(status)),
      `${status} won at least once`,
    );
  }
  await allSound(t, pair, users);
});

t.test('opposite orders of users in concurrent batches never deadlock', async (t) => {
  const pair = await openPair(t);
  const { a, b, ids } = pair;
  const users = Array.from({ length: 40 }, (_, i) => `order:${i}`);
  await Promise.all(users.map((user) => run(a, ids, topup(user, 10_000))));
  for (let round = 0; round < 10; round++) {
    const of = (one: Farebox, order: string[], name: string) =>
      order.map((user) => run(one, ids, hold(user, `${name}${round}${user}`, 5)));
    const held = await Promise.all([...of(a, users, 'a'), ...of(b, users.toReversed(), 'b')]);
    t.equal(held.filter((answer) => answer.ok).length, 80);
    const commit = (one: Farebox, order: string[], name: string) =>
      order.flatMap((user) => [
        run(one, ids, { kind: 'commit', label: `${name}${round}${user}`, amount: 3 }),
        run(one, ids, hold(user, `${name}x${round}${user}`, 1)),
      ]);
    const done = await Promise.all([...commit(b, users, 'a'), ...commit(a, users.toReversed(), 'b')]);
    t.equal(done.filter((answer) => answer.ok).length, 160);
  }
  for (const row of await readRows(a.database, users)) t.equal(row.total, 10_000 - 60, row.user);
  await allSound(t, pair, users);
});

t.test('50 parallel calls with one key on two instances leave one reservation and one answer', async (t) => {
  const pair = await openPair(t);
  const { a, both, ids } = pair;
  await run(a, ids, topup('key:1', 100));
  const call = hold('key:1', 'once', 10, 'the key');
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => run(both[i % 2] as Farebox, ids, call)),
  );
  t.equal(answers.filter((answer) => answer.ok && !answer.replayed).length, 1, 'one was the first');
  const [first] = answers;
  // In whatever order its members are: HTTP has one of its own.
  for (const answer of answers) t.strictSame(bodyOf(answer), first && bodyOf(first));
  const stored = await a.database.query<{ id: string }>('select id from reservations');
  t.equal(stored.length, 1);
  const [row] = await readRows(a.database, ['key:1']);
  t.equal(row?.reserved, 10);
  const commit: Call = { kind: 'commit', label: 'once', amount: 4, key: 'commit key' };
  const commits = await Promise.all(
    Array.from({ length: 50 }, (_, i) => run(both[i % 2] as Farebox, ids, commit)),
  );
  t.equal(commits.filter((answer) => answer.ok && !answer.replayed).length, 1);
  t.equal(new Set(commits.map((answer) => JSON.stringify(bodyOf(answer)))).size, 1);
  await allSound(t, pair, ['key:1'], ['23505']);
});
