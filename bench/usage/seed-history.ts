/** Thirteen months of entries, in the order of time, and their sums, both made as fast as they can be. */
import type pg from 'pg';
import { openPostgres } from '../../billing-service/src/stores/postgres/driver/node-postgres.js';
import { usageRollup } from '../../billing-service/src/stores/postgres/readers/usage-rollup.js';
import { withClient } from '../servers/bench-database.js';
import { makeRoom } from '../servers/seed-size.js';

export const DAYS = 395;
const PAGE = 500_000;
/** Below the deadline of a statement, on a busy machine too. */
const ROLL_UP_PAGE = 25_000;
/** Filled row by row, the keys of a long ledger would take most of the run; they are built at the end. */
const WITHOUT_KEYS = 'alter table entries drop constraint entries_user_id_id_pk; drop index entries_id';
const WITH_KEYS = `alter table entries add constraint entries_user_id_id_pk primary key (user_id, id);
  create index entries_id on entries (id)`;

/** Three tiers, two operations, five models and none; one line in twenty is a refund. */
const HISTORY = `insert into entries
  (user_id, kind, amount, balance_after, operation, created_at, tier, model)
select 1 + (i * 7919) % $1::bigint, case when i % 20 = 0 then 'refund' else 'charge' end,
  case when i % 20 = 0 then 2 else -5 end, 1000000,
  case when i % 7 = 0 then 'image_generation' else 'chatgpt_message' end,
  now() - $2::int * interval '1 day' * (1 - i::double precision / $3::bigint),
  (select (array_agg(number order by number))[1 + i % count(*)] from tiers),
  case when i % 6 = 5 then null else m.first + i % 5 end
from generate_series($4::bigint, $5::bigint) i, (select min(number) as first from models where name like 'm%') m`;

export async function seedHistory(
  url: string,
  { users, entries }: { users: number; entries: number },
  say: (line: string) => void,
): Promise<void> {
  await withClient(url, async (client: pg.Client) => {
    await client.query(`insert into models (name) select 'm' || i from generate_series(1, 5) i`);
    await makeRoom(client, entries);
    await client.query(WITHOUT_KEYS);
    for (let from = 1; from <= entries; from += PAGE) {
      const to = Math.min(entries, from + PAGE - 1);
      await client.query(HISTORY, [users, DAYS, entries, from, to]);
      say(`${to} entries`);
    }
    await client.query(WITH_KEYS);
    await client.query('vacuum (analyze) entries');
  });
}

/** @returns seconds */
export async function rollUpAll(url: string): Promise<number> {
  const database = openPostgres({ url });
  const reader = usageRollup(database);
  const began = performance.now();
  try {
    const sight = await reader.look();
    while (sight && (await reader.take(sight, ROLL_UP_PAGE)) !== 'all');
    await database.query('vacuum (analyze) usage_sums');
    await database.query('vacuum (analyze) usage_users');
  } finally {
    await database.close();
  }
  return (performance.now() - began) / 1000;
}
