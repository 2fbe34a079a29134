/** Whose turn it is on the slow path. */
import { setImmediate as endOfTurn, setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { Patience } from '../../../../src/domain/ports/patience.js';
import { patienceOf } from '../../../../src/domain/ports/patience.js';
import { OverloadedError } from '../../../../src/domain/ports/unavailable-error.js';
import { LockedError } from '../../../../src/stores/postgres/driver/failure.js';
import { LockedAccounts } from '../../../../src/stores/postgres/ledger/locked-accounts.js';
import { Turns } from '../../../../src/stores/postgres/ledger/turns.js';

const LONG_MS = 60_000;

/** Turns of which each lasts until the test ends it; `begun` names those that have begun. */
function heldTurns(slots: number) {
  const locked = new LockedAccounts();
  const turns = new Turns(slots, locked);
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const take = (
    name: string,
    userId: number,
    work: 'beginning' | 'ending' = 'beginning',
    patience?: Patience,
  ) =>
    turns.take(
      { userId, work, patience: patience ?? patienceOf(LONG_MS) },
      () =>
        new Promise<string>((resolve, reject) => {
          begun.push(name);
          ends.set(name, (error) => (error ? reject(error) : resolve(`${name}!`)));
        }),
    );
  const end = async (name: string, error?: Error) => {
    await endOfTurn();
    ends.get(name)?.(error);
    await endOfTurn();
  };
  return { take, begun, end, locked };
}

t.test('calls of one account go one after the other, in order; those of others meanwhile', async (t) => {
  const { take, begun, end } = heldTurns(3);
  const all = Promise.all([take('a1', 1), take('a2', 1, 'ending'), take('b', 2)]);
  await endOfTurn();
  t.strictSame(begun, ['a1', 'b']);
  await end('a1');
  t.strictSame(begun, ['a1', 'b', 'a2']);
  await end('a2');
  await end('b');
  t.strictSame(await all, ['a1!', 'a2!', 'b!']);
});

t.test('what ends something goes ahead of what begins something', async (t) => {
  const { take, begun, end } = heldTurns(1);
  const all = [take('a', 1), take('grant', 2), take('commit', 3, 'ending')];
  await endOfTurn();
  for (const name of ['a', 'commit', 'grant']) await end(name);
  t.strictSame(begun, ['a', 'commit', 'grant']);
  await Promise.all(all);
});

t.test('a call whose caller has left is dropped before it begins', async (t) => {
  const { take, begun, end } = heldTurns(1);
  const first = take('a', 1);
  let hasLeft = false;
  const left = take('b', 2, 'beginning', { ...patienceOf(LONG_MS), isOver: () => hasLeft });
  const refused = t.rejects(left, OverloadedError);
  hasLeft = true;
  await end('a');
  await refused;
  await first;
  t.strictSame(begun, ['a']);
});

t.test('it is told so also where nothing moves', async (t) => {
  const { take, begun, end } = heldTurns(1);
  const first = take('a', 1);
  const left = take('b', 2, 'beginning', { ...patienceOf(LONG_MS), isOver: () => true });
  // The line's own timer keeps no process alive.
  const alive = setInterval(() => {}, 1_000);
  await t.rejects(left, OverloadedError);
  clearInterval(alive);
  t.strictSame(begun, ['a'], 'which has not ended');
  await end('a');
  await first;
});

t.test(
  'who would wait too long is refused at once, new work before the other; the line is bounded',
  async (t) => {
    const { take, end } = heldTurns(1);
    const first = take('a', 1);
    const startedAt = performance.now();
    await t.rejects(take('late', 2, 'beginning', patienceOf(0)), OverloadedError);
    await sleep(1_000);
    // It is at it for 45 % of this.
    const brief = () => patienceOf((performance.now() - startedAt) / 0.45);
    await t.rejects(
      take('grant', 3, 'beginning', brief()),
      OverloadedError,
      'more than a third of its time already',
    );
    const commit = take('commit', 4, 'ending', brief());
    const waiting = Array.from({ length: 999 }, (_, i) =>
      take(`w${i}`, i + 10, 'ending', patienceOf(10 ** 9)),
    );
    await t.rejects(take('one more', 9, 'ending', patienceOf(10 ** 9)), OverloadedError);
    const over = Promise.allSettled([commit, ...waiting]);
    await end('a');
    await first;
    for (let i = -1; i < 999; i++) await end(i < 0 ? 'commit' : `w${i}`);
    await over;
  },
);

t.test(
  'an account that is locked elsewhere lets go of its connection, and tries again at one of a few',
  async (t) => {
    const { take, begun, end, locked } = heldTurns(4);
    const locks = ['a', 'b', 'c'].map((name, i) => take(name, i + 1));
    const refused = Promise.all(locks.map((call) => t.rejects(call, LockedError)));
    const behind = t.rejects(take('a2', 1), LockedError, 'who waits behind it is not kept waiting');
    await endOfTurn();
    for (const name of ['a', 'b', 'c']) await end(name, new LockedError('held'));
    t.strictSame(begun, ['a', 'b', 'c', 'a'], 'one of four connections is for such');
    t.ok(locked.has(1) && locked.has(2) && locked.has(3));
    const others = ['d', 'e', 'f'].map((name, i) => take(name, i + 4));
    await endOfTurn();
    t.strictSame(begun.slice(4), ['d', 'e', 'f'], 'the rest is for others');
    for (const name of ['a', 'b', 'c']) await end(name, new LockedError('held'));
    t.strictSame(begun.slice(7), ['b', 'c'], 'who came first waits first');
    await Promise.all([refused, behind]);
    for (const name of ['d', 'e', 'f']) await end(name);
    await Promise.all(others);
    const again = take('again', 1);
    await endOfTurn();
    await end('again');
    await again;
    t.notOk(locked.has(1), 'it got the lock: it is as any other');
  },
);
