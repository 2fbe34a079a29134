/** Years of months, for anchors that most months do not have. */
import t, { type Test } from 'tap';
import { Sweeper } from '../../src/jobs/sweep.js';
import { MemoryBus } from '../../src/stores/memory/memory-bus.js';
import { freshPostgres } from '../support/databases.js';
import { type Farebox, openFarebox, SetClock, setTier } from '../support/farebox.js';
import { broken, readRows } from './account-rows.js';
import type { Answer } from './model-state.js';
import { type Ids, run } from './run-call.js';

const at = (text: string) => Date.parse(`${text}T10:15:00Z`);
const dayOf = (ms: unknown) => new Date(Number(ms)).toISOString().slice(0, 10);
const bodyOf = (answer: Answer) => (answer.ok ? answer.value : {}) as Record<string, unknown>;
const days = (...lines: string[]): string[] => lines.join(' ').split(' ');
const ids: Ids = new Map();

/** Where each month ends, for the year around the February of the leap year 2028. */
const MONTHS: Record<string, string[]> = {
  '2027-08-29': days(
    '2027-09-29 2027-10-29 2027-11-29 2027-12-29 2028-01-29 2028-02-29 2028-03-29',
    '2028-04-29 2028-05-29 2028-06-29 2028-07-29 2028-08-29 2028-09-29',
  ),
  '2027-08-30': days(
    '2027-09-30 2027-10-30 2027-11-30 2027-12-30 2028-01-30 2028-02-29 2028-03-30',
    '2028-04-30 2028-05-30 2028-06-30 2028-07-30 2028-08-30 2028-09-30',
  ),
  '2027-08-31': days(
    '2027-09-30 2027-10-31 2027-11-30 2027-12-31 2028-01-31 2028-02-29 2028-03-31',
    '2028-04-30 2028-05-31 2028-06-30 2028-07-31 2028-08-31 2028-09-30',
  ),
  '2026-12-31': days(
    '2027-01-31 2027-02-28 2027-03-31 2027-04-30 2027-05-31 2027-06-30 2027-07-31',
    '2027-08-31 2027-09-30 2027-10-31 2027-11-30 2027-12-31 2028-01-31',
  ),
};

async function openPair(t: Test): Promise<{ both: [Farebox, Farebox]; clock: SetClock }> {
  const store = await freshPostgres(t);
  const clock = new SetClock(at('2026-01-01'));
  const bus = new MemoryBus();
  const both: [Farebox, Farebox] = [
    await openFarebox(t, store, clock, bus),
    await openFarebox(t, store, clock, bus),
  ];
  return { both, clock };
}

const grantsOf = async (farebox: Farebox, user: string) =>
  farebox.database.query<{ number: number; amount: number; ends: Date }>(
    `select tenure + period as number, amount, expires_at as ends from grants g join user_references r using (user_id)
     where r.reference = $1 and source = 'tier' order by tenure, period`,
    [user],
  );

async function sound(t: Test, farebox: Farebox, users: string[]): Promise<void> {
  for (const row of await readRows(farebox.database, users)) t.strictSame(broken(row), [], row.user);
  t.strictSame((await farebox.ledger.audit()).mismatches, []);
}

const sweepersOf = (t: Test, both: Farebox[]) =>
  both.map((one) => new Sweeper({ ...one, onError: (error) => t.fail(String(error)) }));

t.setTimeout(240_000);
for (const [anchor, ends] of Object.entries(MONTHS)) {
  t.test(
    `a year from ${anchor}: each month ends on its day and grants once, with two sweepers at once`,
    async (t) => {
      const { both, clock } = await openPair(t);
      const [a] = both;
      clock.nowMs = at(anchor);
      await run(a, ids, { kind: 'tier', user: 'swept:1', tier: 'professional', months: 24 });
      await run(a, ids, { kind: 'channel', user: 'swept:2', subscribed: true });
      const sweepers = sweepersOf(t, both);
      for (const [i, end] of ends.slice(0, -1).entries()) {
        clock.nowMs = at(end) - 1;
        await Promise.all(sweepers.map((sweeper) => sweeper.runOnce()));
        t.equal((await grantsOf(a, 'swept:1')).length, i + 1, `nothing before ${end}`);
        clock.nowMs = at(end);
        await Promise.all(sweepers.map((sweeper) => sweeper.runOnce()));
        const view = bodyOf(await run(a, ids, { kind: 'read', user: 'swept:1' }));
        t.equal(view.renewsAt, at(ends[i + 1] as string));
        t.equal(view.total, 2000, 'no rollover');
      }
      for (const [user, amount] of [
        ['swept:1', 2000],
        ['swept:2', 100],
      ] as const) {
        const grants = await grantsOf(a, user);
        t.strictSame(
          grants.map((grant) => dayOf(grant.ends)),
          ends,
        );
        t.ok(
          grants.every(
            (grant, i) => grant.number === (grants[0]?.number ?? 0) + i && grant.amount === amount,
          ),
        );
      }
      await sound(t, a, ['swept:1', 'swept:2']);
    },
  );
}

t.test('months that nobody saw grant nothing, pay debt, and keep the days', async (t) => {
  const { both, clock } = await openPair(t);
  const [a] = both;
  await setTier(a, { id: 'credit', monthlyTokens: 30, overdraft: 100, position: 4 });
  await both[1].catalogue.refresh();
  clock.nowMs = at('2027-08-31');
  for (const user of ['down:1', 'down:2']) {
    await run(a, ids, { kind: 'tier', user, tier: 'credit', months: 36 });
    await run(a, ids, {
      kind: 'reserve',
      user,
      label: user,
      operation: 'chatgpt_message',
      quantity: 1,
      amount: 30,
      ttlSeconds: 60,
    });
    const committed = bodyOf(await run(a, ids, { kind: 'commit', label: user, amount: 130 }));
    t.equal(committed.uncollected, 0, 'the overdraft bears the overrun');
  }
  const sweepers = sweepersOf(t, both);
  for (const end of ['2027-09-30', '2027-10-31', '2027-11-30']) {
    clock.nowMs = at(end);
    // Only the second user is seen: the sweeper is away, and so is everybody else.
    await run(a, ids, { kind: 'read', user: 'down:2' });
  }
  clock.nowMs = at('2028-03-31') + 5;
  await Promise.all([
    ...sweepers.map((s) => s.runOnce()),
    ...both.map((one) => run(one, ids, { kind: 'read', user: 'down:1' })),
  ]);
  for (const user of ['down:1', 'down:2']) {
    const view = bodyOf(await run(a, ids, { kind: 'read', user }));
    t.match(
      view,
      { total: 30, debt: 0, spent: 130, renewsAt: at('2028-04-30') },
      `${user}: seen or not, the same`,
    );
  }
  const grants = await grantsOf(a, 'down:1');
  t.strictSame(
    grants.map((grant) => [grant.number, grant.amount]),
    [
      [1, 30],
      [2, 30],
      [3, 30],
      [4, 30],
      [5, 10],
      [8, 30],
    ],
  );
  await sound(t, a, ['down:1', 'down:2']);
});

t.test('paidUntil counts from the anchor: 28 Feb + 1 month on a 31st anchor is 31 Mar', async (t) => {
  const { both, clock } = await openPair(t);
  const [a] = both;
  clock.nowMs = at('2027-01-31');
  const pay = async (paymentId: string, months: number) =>
    bodyOf(
      await run(a, ids, {
        kind: 'payment',
        user: 'paid:1',
        paymentId,
        product: { tier: 'professional', months },
        amount: 1000,
      }),
    );
  t.match(await pay('m1', 1), { granted: 2000, paidUntil: at('2027-02-28'), periodEnd: at('2027-02-28') });
  t.match(await pay('m2', 1), { granted: 0, paidUntil: at('2027-03-31'), periodEnd: at('2027-02-28') });
  t.match(await pay('m3', 11), { granted: 0, paidUntil: at('2028-02-29') });
  clock.nowMs = at('2028-02-29') - 1;
  t.match(bodyOf(await run(a, ids, { kind: 'read', user: 'paid:1' })), {
    tier: 'professional',
    total: 2000,
  });
  clock.nowMs += 1;
  t.match(bodyOf(await run(a, ids, { kind: 'read', user: 'paid:1' })), {
    tier: 'gift',
    total: 0,
    renewsAt: null,
    paidUntil: null,
  });
  clock.nowMs = at('2028-03-10');
  await run(a, ids, { kind: 'channel', user: 'paid:1', subscribed: true });
  t.match(bodyOf(await run(a, ids, { kind: 'read', user: 'paid:1' })), {
    total: 100,
    renewsAt: at('2028-04-10'),
  });
  await sound(t, a, ['paid:1']);
});
