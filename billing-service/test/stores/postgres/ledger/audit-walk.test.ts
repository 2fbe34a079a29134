/** The audit of a ledger that is read in many pieces. */
import t from 'tap';
import type { Database } from '../../../../src/stores/postgres/driver/database.js';
import { audit } from '../../../../src/stores/postgres/ledger/audit-walk.js';
import { BOTH } from '../../../support/databases.js';

t.setTimeout(240_000);

/** 2,500 accounts of 5 tokens in two grants, 1 of them held; the account 1,700 has 120,000 entries and holds as well. */
async function fill(served: Database): Promise<void> {
  // It takes longer than anybody would wait who calls the service.
  const database = await served.own();
  const now = new Date('2027-03-01T10:00:00Z');
  await database.query(
    `insert into accounts (user_id, front_grant_id, front_left, rest, reserved, open_count, spent)
     select i, 1, 2, 3, 1, 1, 2 from generate_series(1, 2500) i`,
  );
  await database.query(
    `insert into grants (user_id, id, source, amount, remaining, created_at)
     select i, g, 'promo', 7, 3, $1 from generate_series(1, 2500) i, generate_series(1, 2) g`,
    [now],
  );
  const entry = `insert into entries (user_id, kind, amount, balance_after, created_at)`;
  await database.query(`${entry} select i, 'grant', 7, 7, $1 from generate_series(1, 2500) i`, [now]);
  await database.query(`${entry} select i, 'charge', -2, 5, $1 from generate_series(1, 2500) i`, [now]);
  await database.query(
    `${entry} select 1700, case when i % 2 = 0 then 'charge' else 'refund' end, case when i % 2 = 0 then -1 else 1 end, 5, $1
     from generate_series(1, 120000) i`,
    [now],
  );
  await database.query(
    `insert into reservations (user_id, id, reference, operation, amount, status, created_at, expires_at)
     select i, gen_random_uuid(), 'web:a', 'chat', 1, 'open', $1::timestamptz, $1::timestamptz from generate_series(1, 2500) i
     union all
     select 1700, gen_random_uuid(), 'web:a', 'chat', 1, 'expired', $1::timestamptz, $1::timestamptz from generate_series(1, 120000)`,
    [now],
  );
  await database.close();
}

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: every account counts, also one with more than a statement reads`, async (t) => {
    const database = await (await fresh(t)).open();
    await fill(database);
    const transactions: number[] = [];
    const counting: Database = {
      ...database,
      transaction: (work) => {
        transactions.push(1);
        return database.transaction(work);
      },
    };
    t.strictSame(await audit(counting), { accounts: 2_500, entries: 125_000, mismatches: [] });
    t.ok(transactions.length >= 3, 'each thousand in a snapshot of its own');

    await database.query('update accounts set spent = 9 where user_id in (1, 1000, 1001)');
    await database.query('update accounts set reserved = 4, rest = 4 where user_id = 1700');
    await database.query('delete from grants where user_id = 2500');
    const wrong = (userId: number, figure: string, expected: number, actual: number) => ({
      ...{ userId, figure, expected, actual },
    });
    t.strictSame((await audit(database)).mismatches, [
      ...[1, 1000, 1001].map((userId) => wrong(userId, 'spent', 2, 9)),
      wrong(1700, 'reserved', 1, 4),
      wrong(1700, 'total by entries', 5, 6),
      wrong(1700, 'total by grants', 5, 6),
      wrong(2500, 'total by grants', 0, 5),
    ]);
    await database.query('update accounts set spent = 9');
    t.equal((await audit(database)).mismatches.length, 1_000, 'a thousand are enough to see what is wrong');
  });
}

t.test('an empty ledger is in order', async (t) => {
  const database = await (await BOTH.pglite(t)).open();
  t.strictSame(await audit(database), { accounts: 0, entries: 0, mismatches: [] });
});
