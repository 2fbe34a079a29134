/** How far back an account's open holds are looked for: not through all that was ever settled. */
import { eq } from 'drizzle-orm';
import t from 'tap';
import { firstReservationUuid } from '../../../../src/domain/account/reservation-id.js';
import { loadHolds } from '../../../../src/stores/postgres/ledger/load-holds.js';
import { accounts } from '../../../../src/stores/postgres/schema/schema.js';
import type { Call } from '../../../ledger/call.js';
import { run } from '../../../ledger/run-call.js';
import { BOTH } from '../../../support/databases.js';
import { openFarebox, SetClock } from '../../../support/farebox.js';

const START = Date.parse('2027-03-10T12:00:00Z');
const DAY_MS = 86_400_000;

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: holds on tokens of a refunded payment are found among the last days', too`, async (t) => {
    const farebox = await openFarebox(t, await fresh(t), new SetClock(START));
    const user = 'web:held';
    const calls: Call[] = [
      { kind: 'payment', user, paymentId: 'refunded', product: { tokens: 100 }, amount: 1 },
      {
        ...{ kind: 'reserve', user, label: 'held', operation: 'chatgpt_message', quantity: 1 },
        ...{ amount: 30, ttlSeconds: 3600 },
      },
      { kind: 'refundPayment', paymentId: 'refunded' },
    ];
    const ids = new Map<string, string>();
    for (const call of calls) t.ok((await run(farebox, ids, call)).ok, call.kind);
    const { userId } = await farebox.users.ensure(user);
    await farebox.database.transaction(async (tx) => {
      const [row] = await tx.drizzle.select().from(accounts).where(eq(accounts.userId, userId));
      t.equal(row?.holdDueAt?.getTime(), 0, 'every call goes the slow way');
      const { holds, madeSince } = await loadHolds(tx, row as typeof accounts.$inferSelect);
      t.strictSame(holds, [{ amount: 30, expiresAt: START + 3_600_000 }]);
      t.ok(madeSince > firstReservationUuid(START - 8 * DAY_MS), 'not since 1970');
    });
  });
}
