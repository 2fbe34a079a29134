/** A search must find by index whoever is searched for; among so many users it is not enough to look at the newest. */
import t from 'tap';
import { openCatalogueStore } from '../../../../src/stores/postgres/catalogue/catalogue-store.js';
import type { Database } from '../../../../src/stores/postgres/driver/database.js';
import { PostgresUserDirectory } from '../../../../src/stores/postgres/ledger/user-directory.js';
import { boundsOf, NEWEST, searchAll } from '../../../../src/stores/postgres/ledger/user-search.js';
import { BOTH, freshPostgres } from '../../../support/databases.js';
import { LocalBus } from '../../../support/local-bus.js';

const USERS = 3 * NEWEST;
const NAMES = ['Anna', 'Boris', 'Ada', 'Linus', 'Maria'];
const isRare = (id: number) => id % 1_000 === 7;

async function seed(database: Database): Promise<void> {
  // Whoever opens the catalogue first writes its tiers.
  (await openCatalogueStore(database, new LocalBus())).close();
  await database.query(
    `insert into users (id, username, first_name, tier, created_at)
     select i, 'user' || i, ($2::text[])[1 + i % 5], case when i % 1000 = 7 then 'business' else 'gift' end, now()
     from generate_series(1, $1::int) i`,
    [USERS, `{${NAMES.join(',')}}`],
  );
  await database.query(
    `insert into user_references (reference, user_id, created_at)
     select 'telegram:' || i, i, now() from generate_series(1, $1::int) i
     union all select 'web:T' || i, i, now() from generate_series(1, 200) i`,
    [USERS],
  );
  await database.query('analyze users');
  await database.query('analyze user_references');
}

/** The rule in words, over the same users. */
function expected(search: string, tier: string | undefined, before: number, limit: number): number[] {
  const small = search.toLowerCase();
  const found: number[] = [];
  for (let id = Math.min(USERS, before - 1); id >= 1 && found.length < limit; id--) {
    const words = [`telegram:${id}`, String(id), `user${id}`, NAMES[id % 5] as string];
    if (id <= 200) words.push(`web:T${id}`, `T${id}`);
    const matches = words.some((word) => word.toLowerCase().startsWith(small));
    if (matches && (tier === undefined || isRare(id) === (tier === 'business'))) found.push(id);
  }
  return found;
}

const SEARCHES = ['te', 'telegram:1', '12', 't1', 'web:', 'user42', 'ANNA', 'zz', '1', 'telegram:8999'];

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: finds whom the rule finds, however old`, { timeout: 120_000 }, async (t) => {
    const database = await (await fresh(t)).open();
    await seed(database);
    const directory = new PostgresUserDirectory(database);
    for (const search of SEARCHES) {
      for (const tier of [undefined, 'business', 'gift']) {
        for (const before of [USERS + 1, 5_000, 150]) {
          const found = await directory.find({ search, tier, before, limit: 21 });
          t.same(found, expected(search, tier, before, 21), `${search} ${tier} ${before}`);
        }
      }
    }
  });
}

t.test('each way to search has its index', async (t) => {
  const database = await (await freshPostgres(t)).open();
  await seed(database);
  const [bounds, text] = [boundsOf(['telegram:123']), searchAll(1, { tier: false, blocked: undefined })];
  const plan = await database.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [1e15, 21, null, ...bounds]);
  const lines = plan.map((row) => row['QUERY PLAN']).join('\n');
  for (const index of [
    'user_references_search',
    'user_references_search_id',
    'users_username',
    'users_first_name',
  ])
    t.match(lines, new RegExp(`\\b${index}\\b`), index);
  t.notMatch(lines, /Seq Scan|Backward/);
});
