/** The audit of a ledger that is read in many pieces. */
import t from 'tap';
import type { Audit } from '../../../../src/domain/ports/audit.js';
import type { Database } from '../../../../src/stores/postgres/driver/database.js';
import { audit } from '../../../../src/stores/postgres/ledger/audit-walk.js';
import { BOTH } from '../../../support/databases.js';

t.setTimeout(240_000);

const NOW = Date.parse('2027-03-01T10:00:00Z');

/** The audit uses the pool that no call waits for, and nothing else. */
const onlyReading = ({ reading }: Database): Pick<Database, 'reading'> => ({ reading });

/** 2,500 accounts of 5 tokens in two grants, 1 of them held; the account 1,700 has 120,000 entries and holds as well. */
async function fill(served: Database, ofOne = 120_000): Promise<void> {
  // It takes longer than anybody would wait who calls the service.
  const database = await served.own();
  const now = new Date(NOW);
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
     from generate_series(1, $2::integer) i`,
    [now, ofOne],
  );
  await database.query(
    `insert into reservations (user_id, id, reference, operation, amount, status, created_at, expires_at)
     select i, gen_random_uuid(), 'web:a', 'chat', 1, 'open', $1::timestamptz, $1::timestamptz from generate_series(1, 2500) i
     union all
     select 1700, gen_random_uuid(), 'web:a', 'chat', 1, 'expired', $1::timestamptz, $1::timestamptz from generate_series(1, $2::integer)`,
    [now, ofOne],
  );
  await database.close();
}

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: every account counts, also one with more than a statement reads`, async (t) => {
    const database = await (await fresh(t)).open();
    await fill(database);
    const clean = { accounts: 2_500, entries: 125_000, mismatches: [], stoppedAt: null };
    t.strictSame(await audit(onlyReading(database), NOW), clean);

    await database.query('update accounts set spent = 9 where user_id in (1, 1000, 1001)');
    await database.query('update accounts set reserved = 4, rest = 4 where user_id = 1700');
    await database.query('delete from grants where user_id = 2500');
    const wrong = (userId: number, figure: string, expected: number, actual: number) => ({
      ...{ userId, figure, expected, actual },
    });
    t.strictSame((await audit(database, NOW)).mismatches, [
      ...[1, 1000, 1001].map((userId) => wrong(userId, 'spent', 2, 9)),
      wrong(1700, 'reserved', 1, 4),
      wrong(1700, 'total by entries', 5, 6),
      wrong(1700, 'total by grants', 5, 6),
      wrong(2500, 'total by grants', 0, 5),
    ]);
    await database.query('update accounts set spent = 9');
    t.equal(
      (await audit(database, NOW)).mismatches.length,
      1_000,
      'a thousand are enough to see what is wrong',
    );
  });
}

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: a walk in parts sees each account once, and finds what the whole one finds`, async (t) => {
    const database = await (await fresh(t)).open();
    await fill(database, 100);
    await database.query('update accounts set spent = 9 where user_id in (1, 1000, 1700, 2500)');
    const whole = await audit(database, NOW);
    const parts: Audit[] = [];
    for (let after: number | null = 0; after !== null; after = parts.at(-1)?.stoppedAt ?? null) {
      parts.push(await audit(database, NOW, { after, untilMs: 0 }, 700));
    }
    t.equal(parts.length, 4, 'each stopped with its first group');
    t.equal(
      parts.reduce((sum, part) => sum + part.accounts, 0),
      whole.accounts,
    );
    t.equal(
      parts.reduce((sum, part) => sum + part.entries, 0),
      whole.entries,
    );
    t.strictSame(
      parts.flatMap((part) => part.mismatches),
      whole.mismatches,
    );
    t.equal(whole.mismatches.length, 4);
  });

  t.test(`${kind}: holds that are long over count, and one that nobody knows of is found`, async (t) => {
    const database = await (await fresh(t)).open();
    await fill(database, 100);
    const much = Date.parse('2027-06-01T00:00:00Z');
    await database.query(
      `update reservations set id = ('00000000-0000-7' || substr(id::text, 16))::uuid where user_id <= 10`,
    );
    t.strictSame((await audit(database, much)).mismatches, [], 'made long ago, and still open');
    await database.query('update accounts set reserved = 0, open_count = 0 where user_id = 7');
    t.match((await audit(database, much)).mismatches, [
      { userId: 7, figure: 'open reservations', expected: 1, actual: 0 },
      { userId: 7, figure: 'reserved', expected: 1, actual: 0 },
    ]);
  });
}

t.test('a transaction that goes on and on does not keep the audit waiting', async (t) => {
  const database = await (await BOTH.postgres(t)).open();
  await fill(database, 100);
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  await new Promise<void>((began, failed) => {
    const held = database.transaction(async (tx) => {
      await tx.query('set local idle_in_transaction_session_timeout = 0');
      await tx.query(`insert into models (name) values ('held')`);
      began();
      await ended;
    });
    held.catch(failed);
  });
  t.match(await audit(database, NOW), { accounts: 2_500, entries: 5_100, mismatches: [] });
  end();
});

t.test('whoever has no patience left is not served to the end', async (t) => {
  const database = await (await BOTH.pglite(t)).open();
  const patience = { untilMs: 0, isOver: () => true };
  await t.rejects(audit(database, NOW, { after: 0, patience }), { name: 'UnavailableError' });
});

t.test('an empty ledger is in order', async (t) => {
  const database = await (await BOTH.pglite(t)).open();
  t.strictSame(await audit(database, NOW), { accounts: 0, entries: 0, mismatches: [], stoppedAt: null });
});
