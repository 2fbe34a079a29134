/** The sweeper and accounts with held tokens of a refunded payment, which no hot call may touch. */
import t from 'tap';
import { Sweeper } from '../../src/jobs/sweep.js';
import { readRows } from '../ledger/account-rows.js';
import type { Call } from '../ledger/call.js';
import { type Ids, run } from '../ledger/run-call.js';
import { BOTH } from '../support/databases.js';
import { openFarebox, SetClock } from '../support/farebox.js';

const START = Date.parse('2027-03-01T10:00:00Z');
t.setTimeout(240_000);

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(
    `${kind}: held tokens of a refunded payment are taken back when their hold ends, not looked at before`,
    async (t) => {
      const farebox = await openFarebox(t, await fresh(t), new SetClock(START));
      const ids: Ids = new Map();
      const user = 'held:back';
      const calls: Call[] = [
        { kind: 'payment', user, paymentId: 'pack', product: { tokens: 100 }, amount: 1 },
        ...['short', 'long'].map((label, i) => ({
          ...{ kind: 'reserve' as const, user, label, operation: 'chatgpt_message', quantity: 1 },
          ...{ amount: 30, ttlSeconds: 60 * (i + 1) },
        })),
        { kind: 'refundPayment', paymentId: 'pack' },
      ];
      for (const call of calls) t.equal((await run(farebox, ids, call)).ok, true);
      const sweeper = new Sweeper({ ...farebox, onError: (error) => t.fail(String(error)) });
      const total = async () => (await readRows(farebox.database, [user]))[0]?.total;
      const swept = async () => (await sweeper.runOnce()).accounts + (await sweeper.runOnce()).accounts;
      t.equal(await swept(), 0, 'nothing has ended yet');
      t.equal(await total(), 60);
      farebox.clock.nowMs += 60_000;
      t.equal(await swept(), 1);
      t.equal(await total(), 30);
      t.equal(await swept(), 0, 'until the next hold ends');
      farebox.clock.nowMs += 60_000;
      t.equal(await swept(), 1);
      t.equal(await total(), 0);
    },
  );
}
