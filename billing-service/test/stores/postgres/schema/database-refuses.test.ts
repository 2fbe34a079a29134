/** What the database itself refuses, even if the code above it is wrong. */
import t from 'tap';
import type { Database } from '../../../../src/stores/postgres/driver/database.js';
import { refuseLooseDurability } from '../../../../src/stores/postgres/driver/durability.js';
import { BOTH, freshPostgres } from '../../../support/databases.js';

t.setTimeout(240_000);

const NOW = '2026-11-22T12:00:00Z';

async function seed(database: Database): Promise<void> {
  await database.query('insert into accounts (user_id) values (1)');
  await database.query(
    `insert into entries (user_id, kind, amount, balance_after, created_at) values (1, 'grant', 5, 5, $1)`,
    [NOW],
  );
}

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: entries are never updated, deleted or truncated`, async (t) => {
    const database = await (await fresh(t)).open();
    await seed(database);
    for (const statement of ['update entries set amount = 6', 'delete from entries', 'truncate entries']) {
      await t.rejects(database.query(statement), /only takes inserts/, statement);
    }
    t.same(await database.query('select amount from entries'), [{ amount: 5 }]);
  });

  t.test(`${kind}: where a user is erased words beside an entry go, and nothing else`, async (t) => {
    const database = await (await fresh(t)).open();
    await seed(database);
    const erasing = (statement: string) =>
      database.transaction(async (tx) => {
        await tx.query(`select set_config('farebox.erasing', 'on', true)`);
        await tx.query(statement);
      });
    const others = [
      'update entries set amount = 6',
      `update entries set metadata = '{}'`,
      'update entries set metadata = null, amount = 6',
      'delete from entries',
      'truncate entries',
    ];
    for (const statement of others) await t.rejects(erasing(statement), /only takes inserts/, statement);
    await t.resolves(erasing('update entries set metadata = null'));
    await database.query(
      `insert into audit_log (at, api_key_id, actor_name, via, action, request_id) values ($1, 'k', 'n', 'api', 'a', 'r')`,
      [NOW],
    );
    await t.rejects(erasing(`update audit_log set actor_name = 'x'`), /only takes inserts/);
    await t.rejects(
      database.query('update entries set metadata = null'),
      /only takes inserts/,
      'not afterwards',
    );
  });

  t.test(
    `${kind}: no figure of an account goes below zero, and debt only where no tokens are left`,
    async (t) => {
      const database = await (await fresh(t)).open();
      await seed(database);
      for (const figure of ['reserved', 'open_count', 'front_left', 'rest', 'debt']) {
        await t.rejects(database.query(`update accounts set ${figure} = -1`), /accounts_/, figure);
      }
      await t.rejects(
        database.query('update accounts set debt = 1, rest = 1'),
        /accounts_debt_only_when_empty/,
      );
    },
  );

  t.test(`${kind}: no refund beyond the charge, no period granted twice`, async (t) => {
    const database = await (await fresh(t)).open();
    const reservation = (charged: number, refunded: number) =>
      database.query(
        `insert into reservations (user_id, id, reference, operation, amount, status, charged, refunded_total,
           created_at, expires_at)
         values (1, gen_random_uuid(), 'web:a', 'chat', 10, 'committed', $1, $2, $3, $3)`,
        [charged, refunded, NOW],
      );
    await reservation(5, 5);
    await t.rejects(reservation(5, 6), /reservations_refund/);
    const grant = (id: number) =>
      database.query(
        `insert into grants (user_id, id, source, amount, remaining, tenure, period, created_at)
         values (1, $1, 'tier', 100, 100, 1, 0, $2)`,
        [id, NOW],
      );
    await grant(1);
    await t.rejects(grant(2), /grants_granted_once_per_period/);
  });
}

for (const value of ['off', 'local']) {
  t.test(
    `synchronous_commit = ${value} is refused at the start, and by every later connection`,
    async (t) => {
      // Direct: a database's settings reach new backends only, and a pooler keeps those it has.
      const shared = await freshPostgres(t, 'direct');
      const first = await shared.open();
      await t.resolves(refuseLooseDurability(first));
      const [row] = await first.query<{ name: string }>('select current_database() as name');
      await first.query(`alter database ${row?.name} set synchronous_commit = ${value}`);
      const fault = new RegExp(`synchronous_commit is ${value}`);
      await t.rejects(refuseLooseDurability(await shared.open()), fault);
      await t.rejects(first.hot('later', 'select 1', []), fault, 'a new connection of one that runs');
    },
  );
}

for (const setting of ['fsync', 'full_page_writes']) {
  t.test(`a server with ${setting} = off is refused`, async (t) => {
    const database = await (await freshPostgres(t)).open();
    const query = (async () => [{ name: setting, value: 'off' }]) as Database['query'];
    await t.rejects(refuseLooseDurability({ ...database, query }), new RegExp(`${setting} is off`));
  });
}
