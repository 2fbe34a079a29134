/** Up to where the audit takes the ledger as it is, while somebody else's transaction does not end. */
import t from 'tap';
import { openPostgres } from '../../../../src/stores/postgres/driver/node-postgres.js';
import { settledEnd } from '../../../../src/stores/postgres/ledger/settled-end.js';
import { openSession } from '../../../support/held-row.js';
import { createTestDatabase, usualWay } from '../../../support/postgres-template.js';

const ENTRIES = `insert into entries (user_id, kind, amount, balance_after, created_at)
  select 1, 'grant', 1, n, now() from generate_series(1, 20) n returning id`;

t.test('it is what a reader of entries has seen, and no other mark', async (t) => {
  const url = await createTestDatabase(t);
  const database = openPostgres({ url, preparedStatements: usualWay() === 'direct' });
  t.teardown(() => database.close());
  const ids = (await database.query<{ id: number }>(ENTRIES)).map(({ id }) => id);
  t.equal(await settledEnd(database), ids.at(-1), 'nobody in between: the last entry');

  await database.query(
    `update marks set through_id = 1795000000000 where reader in ('events-ahead', 'events-kept')`,
  );
  await database.query(`update marks set through_id = $1 where reader = 'events'`, [ids[7]]);
  const session = await openSession(t, url);
  await session.query('begin');
  await session.query('select pg_current_xact_id()');
  t.equal(await settledEnd(database), ids[7]);
  await session.query('rollback');
});
