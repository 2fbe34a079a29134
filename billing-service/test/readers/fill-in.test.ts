/** A ledger from before there were sums is summed up while the service serves, a page at a time. */
import t from 'tap';
import { FollowLedger } from '../../src/readers/follow-ledger.js';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { usageRollup } from '../../src/stores/postgres/readers/usage-rollup.js';
import { BOTH } from '../support/databases.js';
import { testApp } from '../support/test-app.js';
import { BYS, bothSums } from './summed-ledger.js';

t.setTimeout(180_000);
const ENTRIES = 12_000;

/** Three months of 50 users, as a version wrote them that knew no tiers and models. */
const OLD = `insert into entries (user_id, kind, amount, balance_after, source, operation, created_at)
select 1 + i % 50, case i % 4 when 0 then 'grant' when 3 then 'refund' else 'charge' end,
  case when i % 4 in (0, 3) then 10 else -5 end, 100, case i % 4 when 0 then 'promo' end,
  case i % 4 when 0 then null else 'chatgpt_message' end,
  timestamptz '2026-01-15T00:00:00Z' + i * interval '11 minutes'
from generate_series(1, $1::integer) i`;

async function differences(database: Database): Promise<string[]> {
  return database.reading(async (tx) => {
    const found: string[] = [];
    for (const by of BYS.filter((names) => !names.includes('user'))) {
      const [usage, ledger] = await bothSums(tx, by);
      if (usage.join('\n') !== ledger.join('\n')) found.push(`${by}`);
    }
    for (const userId of [1, 50]) {
      const [usage, ledger] = await bothSums(tx, ['month'], { userId });
      if (usage.join('\n') !== ledger.join('\n')) found.push(`user ${userId}`);
    }
    return found;
  });
}

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const store = await fresh(t);
    const { call } = await testApp(t, { store });
    const database = await store.open();
    await database.query(OLD, [ENTRIES]);
    const follower = new FollowLedger({ reader: usageRollup(database), onError: () => {} });
    t.strictSame(await differences(database), [], 'before the first page');
    let pages = 0;
    for (let did = 'more'; did !== 'all'; ) {
      const user = `web:${pages}`;
      const grant = { user, amount: 20, source: 'promo', reason: 'meanwhile' };
      const served = call('POST', '/tokens/grant', { body: grant, headers: { 'idempotency-key': user } });
      did = await follower.runOnce();
      if (did === 'more') pages++;
      t.equal((await served).status, 201, 'it serves');
      t.strictSame(await differences(database), [], `${pages} pages, then ${did}`);
    }
    t.equal(pages, 2, 'pages of 5,000');
    const { body } = await call('GET', '/usage?by=tier&from=2026-01-01T00:00:00Z&to=2026-05-01T00:00:00Z');
    t.match(body.items, [{ tier: null, commits: ENTRIES / 2 }], 'of no tier that is known');
  });
}
