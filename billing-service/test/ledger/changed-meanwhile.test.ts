/** What a hot statement decides that had to wait for an account while another transaction changed it. */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { decodeReservationId } from '../../src/domain/account/reservation-id.js';
import type { Queryable } from '../../src/stores/postgres/driver/database.js';
import type { Call } from './call.js';
import type { Answer } from './model-state.js';
import { allSound, bodyOf, hold, kinds, openPair, topup } from './pair.js';
import { run } from './run-call.js';

t.setTimeout(60_000);
t.test('an account that changes while a hot statement waits for it', async (t) => {
  const pair = await openPair(t);
  const { a, b, ids } = pair;
  const call = (it: Call) => run(a, ids, it);

  /** Sends the calls to instance a together, and lets them wait until `change` on the user's locked account is done. */
  async function whileLocked(
    user: string,
    calls: Call[],
    change: (tx: Queryable, userId: number) => Promise<unknown>,
  ): Promise<Answer[]> {
    const { userId } = await b.users.ensure(user);
    let answers: Promise<Answer[]> | undefined;
    await b.database.transaction(async (tx) => {
      await tx.query('select from accounts where user_id = $1 for update', [userId]);
      answers = Promise.all(calls.map(call));
      while ((await waiting(tx)) === 0) await sleep(5);
      await change(tx, userId);
    });
    return (await answers) ?? [];
  }
  const waiting = async (tx: Queryable) =>
    (await tx.query(`select from pg_locks where not granted and locktype in ('transactionid', 'tuple')`))
      .length;
  /** As another instance's release writes it. */
  const release = (label: string) => async (tx: Queryable, userId: number) => {
    const { id } = decodeReservationId(ids.get(label) as string) as { id: string };
    await tx.query(
      `update reservations set status = 'refunded', refunded_total = amount, settled_at = $3
       where user_id = $1 and id = $2`,
      [userId, id, new Date(pair.clock.nowMs).toISOString()],
    );
    await tx.query(
      'update accounts set reserved = reserved - 5, open_count = open_count - 1 where user_id = $1',
      [userId],
    );
  };

  t.test(
    'a commit of a hold that was released meanwhile charges nothing; its neighbours are settled',
    async (t) => {
      for (const user of ['late:1', 'late:2']) await call(topup(user, 100));
      for (const label of ['gone', 'kept', 'third']) await call(hold('late:1', label, 5));
      await call(hold('late:2', 'other', 5));
      const commits = ['gone', 'other', 'kept'].map((label): Call => ({ kind: 'commit', label }));
      const answers = await whileLocked('late:1', commits, release('gone'));
      t.strictSame(kinds(answers), ['reservation_settled', 'ok', 'ok']);
      t.match(bodyOf(await call({ kind: 'read', user: 'late:1' })), { total: 95, reserved: 5 });
      await allSound(t, pair, ['late:1', 'late:2']);
    },
  );

  t.test('so does the commit of the only hold', async (t) => {
    await call(topup('late:3', 100));
    await call(hold('late:3', 'only', 5));
    const answers = await whileLocked('late:3', [{ kind: 'commit', label: 'only' }], release('only'));
    t.strictSame(kinds(answers), ['reservation_settled']);
    await allSound(t, pair, ['late:3']);
  });

  t.test('a reserve is judged by what was left when the account was free again', async (t) => {
    for (const user of ['late:4', 'late:5']) await call(topup(user, 100));
    const spend = (tx: Queryable, userId: number) =>
      tx.query(
        `update accounts set reserved = reserved + 96, open_count = open_count + 1, hold_due_at = $2
         where user_id = $1`,
        [userId, new Date(pair.clock.nowMs + 60_000).toISOString()],
      );
    const calls = [hold('late:4', 'x', 5), hold('late:5', 'y', 5), hold('late:4', 'z', 4)];
    const answers = await whileLocked('late:4', calls, spend);
    t.strictSame(kinds(answers), ['insufficient_tokens', 'ok', 'ok']);
    t.match(bodyOf(answers[2]), { balance: { available: 0, reserved: 100, total: 100 } });
    t.strictSame([...a.batchFailures, ...b.batchFailures], []);
  });
});
