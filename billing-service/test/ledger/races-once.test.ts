import t from 'tap';
import { Sweeper } from '../../src/jobs/sweep.js';
import type { Farebox } from '../support/farebox.js';
import { readRows } from './account-rows.js';
import type { Call } from './call.js';
import { allSound, bodyOf, hold, kinds, openPair } from './pair.js';
import { run } from './run-call.js';

t.setTimeout(240_000);
t.test('a period is granted once with two sweepers and many accesses at once', async (t) => {
  const pair = await openPair(t);
  const { a, both, clock, ids } = pair;
  const users = Array.from({ length: 10 }, (_, i) => `period:${i}`);
  for (const user of users) await run(a, ids, { kind: 'channel', user, subscribed: true });
  for (let month = 1; month <= 6; month++) {
    clock.nowMs = Date.UTC(2027, month + 1, 1);
    const sweepers = both.map((one) => new Sweeper({ ...one, onError: (error) => t.fail(String(error)) }));
    const accesses = users.flatMap((user, i) => [
      run(both[i % 2] as Farebox, ids, { kind: 'read', user }),
      run(both[(i + 1) % 2] as Farebox, ids, hold(user, `${month}${user}`, 0)),
      run(both[i % 2] as Farebox, ids, { kind: 'channel', user, subscribed: true }),
    ]);
    await Promise.all([...sweepers.map((sweeper) => sweeper.runOnce()), ...accesses]);
    for (const row of await readRows(a.database, users)) {
      t.equal(row.entries.filter((entry) => entry.kind === 'grant').length, 1 + month, row.user);
      t.equal(row.total, 100);
    }
  }
  await allSound(t, pair, users);
});

t.test('a payment is applied once however often and wherever it is sent', async (t) => {
  const pair = await openPair(t);
  const { a, both, ids } = pair;
  const pay = (user: string, paymentId: string): Call => ({
    kind: 'payment',
    user,
    paymentId,
    product: { tokens: 50 },
    amount: 9,
  });
  const same = await Promise.all(
    Array.from({ length: 20 }, (_, i) => run(both[i % 2] as Farebox, ids, pay('pay:1', 'p1'))),
  );
  t.equal(same.filter((answer) => answer.ok && !answer.replayed).length, 1);
  t.equal(new Set(same.map((answer) => JSON.stringify(bodyOf(answer)))).size, 1);
  for (let i = 0; i < 20; i++) {
    const users = [`pay:a${i}`, `pay:b${i}`];
    const sent = Array.from({ length: 8 }, (_, n) =>
      run(both[n % 2] as Farebox, ids, pay(users[n % 2] as string, `shared${i}`)),
    );
    const found = kinds(await Promise.all(sent));
    t.equal(found.filter((kind) => kind === 'ok').length, 4, 'all sends for one of the users');
    t.equal(found.filter((kind) => kind === 'payment_mismatch').length, 4, 'none for the other');
    const totals = (await readRows(a.database, users)).map((row) => row.total);
    t.strictSame(
      totals.toSorted((x, y) => x - y),
      [0, 50],
    );
  }
  const refund: Call = { kind: 'refundPayment', paymentId: 'p1' };
  const refunds = await Promise.all(
    Array.from({ length: 20 }, (_, i) => run(both[i % 2] as Farebox, ids, refund)),
  );
  t.equal(refunds.filter((answer) => answer.ok && !answer.replayed).length, 1);
  t.equal((await readRows(a.database, ['pay:1']))[0]?.total, 0);
  await allSound(t, pair, ['pay:1']);
});
