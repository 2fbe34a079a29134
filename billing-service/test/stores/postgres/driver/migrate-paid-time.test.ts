/** The migration to purchases and pieces, of a database that the version before it filled: users in every state. */
import t, { type Test } from 'tap';
import { readBalance } from '../../../../src/domain/users/read-balance.js';
import { migrate } from '../../../../src/stores/postgres/driver/migrate.js';
import { openFarebox, SetClock } from '../../../support/farebox.js';
import { asItWas, EMPTY, LEFT_AT } from './as-it-was.js';

/** Tier, until when it is paid, and what waits: `tier until payment`. */
const AFTER: Record<string, [tier: string, paidUntil: string | null, ...upcoming: string[]]> = {
  'gift-joined': ['gift', null],
  'gift-unjoined': ['gift', null],
  months: ['professional', '2027-04-30'],
  'months-of-two': ['professional', '2028-01-31'],
  // The second period of these 30 days had begun: it stays.
  'by-until': ['professional', '2027-03-31'],
  renewed: ['professional', '2027-04-01'],
  'card-then-stars': ['professional', '2027-04-29', 'professional 2027-04-29 card-then-stars-7'],
  queued: [
    'business',
    '2027-03-31',
    'professional 2027-06-30 queued-9',
    // 242 days, as they were bought.
    'plus 2028-02-27 queued-10',
    'professional 2028-04-27 queued-11',
  ],
  'by-hand': ['business', '2027-07-31'],
  'lengthened-by-hand': ['professional', '2027-06-30', 'professional 2027-06-30 by hand'],
  // What was paid for is never dropped by hand, nor is it here.
  'shortened-by-hand': ['professional', '2028-01-31'],
  lapsed: ['gift', null],
  'lapsed-unseen': ['gift', null],
  refunded: ['gift', null],
  'half-refunded': ['professional', '2027-03-31'],
  'pack-only': ['gift', null],
  upgraded: ['gift', null],
  'ten-years': ['business', '2037-01-31'],
};
const day = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString().slice(0, 10));

for (const [kind, open] of Object.entries(EMPTY)) {
  t.test(`${kind}: every paid moment is kept, and every token`, async (t) => {
    const database = await open(t);
    t.teardown(() => database.close());
    await asItWas(database);
    const before = await database.query<{ reference: string; paid_until: Date | null; total: number }>(
      `select reference, paid_until, front_left + rest - debt as total
       from users u join accounts a on a.user_id = u.id join user_references r on r.user_id = u.id order by u.id`,
    );
    await migrate(database);
    const store = { kind: 'pglite' as const, open: async () => database };
    const farebox = await openFarebox(t, store, new SetClock(LEFT_AT));
    t.equal(before.length, Object.keys(AFTER).length);
    for (const { reference, paid_until, total } of before) {
      const view = await readBalance(farebox, reference);
      if (!view.ok) throw new Error(`${reference} is gone`);
      const { value } = view;
      const upcoming = value.upcoming.map(
        ({ tier, until, payment }) => `${tier} ${day(until)} ${payment?.paymentId ?? 'by hand'}`,
      );
      t.same([value.tier, day(value.paidUntil), ...upcoming], AFTER[reference.slice(4)], reference);
      const isOver = reference === 'was:lapsed-unseen';
      t.equal(value.total, isOver ? 0 : total, `${reference}: tokens`);
      if (!isOver) t.ok((value.paidUntil ?? 0) >= (paid_until?.getTime() ?? 0), `${reference}: until when`);
    }
    t.same((await farebox.ledger.audit()).mismatches, []);
    await livesOn(t, farebox);
  });
}

/** Each month is granted once, the one that ran at the migration not again, and all of it ends. */
async function livesOn(t: Test, farebox: Awaited<ReturnType<typeof openFarebox>>): Promise<void> {
  const granted = async (reference: string) => {
    await readBalance(farebox, reference);
    const rows = await farebox.database.query<{ count: number }>(
      `select count(*)::int as count from grants join user_references using (user_id)
       where reference = $1 and source = 'tier'`,
      [reference],
    );
    return rows[0]?.count;
  };
  t.equal(await granted('was:months'), 2);
  farebox.clock.nowMs = Date.parse('2027-04-01T12:00:00Z');
  t.equal(await granted('was:months'), 3);
  t.equal(await granted('was:by-hand'), 3);
  farebox.clock.nowMs = Date.parse('2038-01-01T12:00:00Z');
  for (const name of Object.keys(AFTER)) {
    const view = await readBalance(farebox, `was:${name}`);
    t.equal(view.ok && view.value.tier, 'gift', `${name}: over in the end`);
  }
  t.same((await farebox.ledger.audit()).mismatches, []);
}
