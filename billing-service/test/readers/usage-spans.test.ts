/** Whatever is asked of whichever hours, days of whichever zone, it equals the ledger: rolled up, half so, or not at all. */
import fc from 'fast-check';
import t from 'tap';
import { wholeHourOffsets } from '../../src/domain/usage/whole-hour-zone.js';
import { FollowLedger } from '../../src/readers/follow-ledger.js';
import { openCatalogueStore } from '../../src/stores/postgres/catalogue/catalogue-store.js';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { usageRollup } from '../../src/stores/postgres/readers/usage-rollup.js';
import { BOTH } from '../support/databases.js';
import { LocalBus } from '../support/local-bus.js';
import { nextPage } from './roll-up.js';
import { BYS, bothSums, FOREVER } from './summed-ledger.js';

t.setTimeout(180_000);
const HOUR_MS = 3_600_000;
const BEGAN = Date.UTC(2026, 1, 10, 7);
const HOURS = 90 * 24;
const RUNS = 60;

/** 9,000 entries over 90 days, one in ten written long after it was due. */
const ENTRIES = `insert into entries (user_id, kind, amount, balance_after, operation, created_at, tier, model, uncollected)
select 1 + i % 7, (array['charge', 'refund', 'expiry', 'revoke', 'adjustment'])[1 + i % 5],
  case i % 5 when 1 then 3 when 4 then 2 else -4 end, 100, case when i % 5 < 2 then 'op' || i % 3 end,
  timestamptz '2026-02-10T07:00:00Z' + greatest(0, i - case when i % 10 = 0 then 2000 else 0 end) * interval '864 seconds',
  case i % 4 when 0 then null else (select min(number) from tiers) + i % 2 end,
  case i % 6 when 1 then 1 end, case i % 5 when 0 then 1 end
from generate_series(1, 9000) i`;

const hour = fc.integer({ min: -50, max: HOURS + 50 }).map((hours) => BEGAN + hours * HOUR_MS);
/** Midnights and months among them, where sums begin and end. */
const edge = fc.oneof(
  hour,
  hour.map((ms) => Math.floor(ms / (24 * HOUR_MS)) * 24 * HOUR_MS),
  fc.constantFrom(Date.UTC(2026, 2, 1), Date.UTC(2026, 3, 1), Date.UTC(2026, 4, 1), 0, FOREVER.to),
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });
const question = fc.record({
  by: fc.constantFrom(...BYS),
  edges: fc.tuple(edge, edge),
  timezone: fc.constantFrom('UTC', 'UTC', 'Europe/Berlin', 'America/New_York'),
  about: fc.record({
    userId: maybe(fc.integer({ min: 1, max: 8 })),
    operation: maybe(fc.constantFrom('op0', 'op1', 'none')),
    tier: maybe(fc.constant('gift')),
    model: maybe(fc.constant('other')),
  }),
});

async function compare(database: Database): Promise<void> {
  const property = fc.asyncProperty(question, async ({ by, edges, timezone, about }) => {
    const [from, to] = [Math.min(...edges), Math.max(...edges)];
    const offsets = wholeHourOffsets(timezone, from, to, BEGAN + HOURS * HOUR_MS) ?? [];
    const [usage, ledger] = await database.reading((tx) =>
      bothSums(tx, by, { ...about, from, to, offsets }, timezone),
    );
    if (usage.join('\n') !== ledger.join('\n')) throw new Error(`${usage} is not ${ledger}`);
  });
  await fc.assert(property, { numRuns: RUNS });
}

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const database = await (await fresh(t)).open();
    (await openCatalogueStore(database, new LocalBus())).close();
    await database.query(
      `insert into user_references (user_id, reference, created_at) select i, 'web:' || i, now() from generate_series(1, 7) i`,
    );
    await database.query(ENTRIES);
    const follower = new FollowLedger({ reader: usageRollup(database), onError: () => {} });
    for (const state of ['more', 'all']) {
      await t.resolves(compare(database), 'before it');
      t.equal(await nextPage(follower), state, 'a page is rolled up');
    }
    await t.resolves(compare(database), 'when all is rolled up');
  });
}
