/** A ledger that was rolled up before there were wider sums has them at once, and no older version falls out of step. */
import { readMigrationFiles } from 'drizzle-orm/migrator';
import t from 'tap';
import type { UsageRequest } from '../../src/domain/ports/usage-store.js';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { sourcesOf } from '../../src/stores/postgres/readers/usage-sources.js';
import { BOTH } from '../support/databases.js';
import { ROOT } from '../tidy/source-file.js';
import { rollUp } from './roll-up.js';
import { bothSums, FOREVER } from './summed-ledger.js';

t.setTimeout(180_000);
/** Two years and a half of 9 users. */
const ENTRIES = `insert into entries (user_id, kind, amount, balance_after, operation, created_at, tier, model)
select 1 + i % 9, (array['charge', 'refund', 'expiry'])[1 + i % 3], case i % 3 when 1 then 3 else -4 - i % 7 end, 100,
  'op' || i % 2, timestamptz '2024-05-10T07:00:00Z' + i * interval '3 hours', i % 3, i % 2
from generate_series(1, 7300) i`;
const AS_BEFORE = `drop table usage_totals; drop table usage_user_years; delete from usage_sums where unit = 'month';
alter table usage_sums drop constraint usage_sums_unit;
alter table usage_sums add constraint usage_sums_unit check (unit in ('hour', 'day'));
alter table marks drop constraint marks_all_sums; alter table marks drop column summed_id`;
const WIDER = [
  'select * from usage_totals order by unit, starts_at',
  'select * from usage_user_years order by user_id, year',
  `select * from usage_sums where unit = 'month' order by starts_at, tier, operation, model`,
];
const month = (year: number, number: number) => Date.UTC(year, number - 1, 1);

async function migration(): Promise<string[]> {
  const files = readMigrationFiles({ migrationsFolder: `${ROOT}/drizzle` });
  const found = files.find(({ sql }) => sql.join('').includes('CREATE TABLE "usage_totals"'));
  return found?.sql ?? [];
}

const widerOf = (database: Database) => Promise.all(WIDER.map((query) => database.query(query)));

/** Users of spans that are cut at years in every way, the page's first and all of them. */
async function compareUsers(database: Database): Promise<string[]> {
  const edges = [0, month(2024, 6), month(2024, 9), month(2025, 1), month(2025, 3), month(2025, 9)];
  edges.push(Date.UTC(2025, 10, 5), month(2026, 1), month(2026, 10), FOREVER.to);
  const found: string[] = [];
  for (const from of edges) {
    for (const to of edges.filter((edge) => edge > from)) {
      const [usage, ledger] = await database.reading((tx) => bothSums(tx, ['user'], { from, to }));
      const [first] = await database.reading((tx) => bothSums(tx, ['user'], { from, to, limit: 2 }));
      const isPart = first.length <= 2 && first.every((row) => ledger.includes(row));
      if (usage.join('\n') !== ledger.join('\n') || !isPart) found.push(`${from} to ${to}`);
    }
  }
  return found;
}

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const database = await (await fresh(t)).open();
    await database.query(
      `insert into user_references (user_id, reference, created_at) select i, 'web:' || i, now() from generate_series(1, 9) i`,
    );
    await database.query(ENTRIES);
    await rollUp(database);
    const rolledUp = await widerOf(database);
    for (const statement of AS_BEFORE.split(';')) await database.query(statement);
    for (const statement of await migration()) await database.query(statement);
    t.strictSame(
      await widerOf(database),
      rolledUp,
      'the migration makes of narrow sums what the roll-up makes of entries',
    );
    t.ok(rolledUp.every((rows) => rows.length > 0));
    t.strictSame(await compareUsers(database), [], 'users of any months equal the ledger');
    await t.rejects(
      database.query(`update marks set through_id = through_id + 1 where reader = 'usage'`),
      'a version that does not know the wider sums cannot move the mark past them',
    );
  });
}

t.test('thirteen months of a user are fewer sums than months, whichever they are', async (t) => {
  const request: UsageRequest = { ...FOREVER, by: ['user'] };
  for (let at = 1; at <= 12; at++) {
    const { sums, entries } = sourcesOf({ ...request, from: month(2025, at), to: month(2026, at + 1) });
    const rows = sums.map(({ unit, from, to }) =>
      unit === 'year' ? 1 : Math.round((to - from) / 2_629_746_000),
    );
    const most = rows.reduce((sum, count) => sum + count, 0);
    // A year that is half asked for is the worst: its months, or itself without the others.
    const bound = 2 * Math.min(at, 13 - at);
    t.ok(most <= bound && most < 13 && entries.length === 0, `from month ${at}: ${most} rows a user`);
  }
  const { sums } = sourcesOf({ ...FOREVER, by: ['day'] });
  t.ok(
    sums.every((part) => part.of === 'all'),
    'days alone are read from sums of all',
  );
});
