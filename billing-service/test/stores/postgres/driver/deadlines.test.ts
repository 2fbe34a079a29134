/** Every statement has a deadline, every wait for a row one of its own; and neither is left behind for the next caller. */
import pg from 'pg';
import t, { type Test } from 'tap';
import { UnavailableError } from '../../../../src/domain/ports/unavailable-error.js';
import type { Queryable } from '../../../../src/stores/postgres/driver/database.js';
import { LockedError } from '../../../../src/stores/postgres/driver/failure.js';
import { openPostgres } from '../../../../src/stores/postgres/driver/node-postgres.js';
import { packs } from '../../../../src/stores/postgres/schema/schema.js';
import { cableTo } from '../../../support/cut-cable.js';
import { openSession } from '../../../support/held-row.js';
import { createTestDatabase, usualWay, type Way } from '../../../support/postgres-template.js';
import { whereFound } from '../../../support/test-environment.js';

/** The longest is 5.5 s; a busy machine may be that late once more. Without a deadline it would be for ever. */
const BOUND_MS = 12_000;
const SOLD = 'select id from packs';

t.setTimeout(120_000);
t.test(
  'a server that takes statements and is silent: each fails, and its connection is let go',
  async (t) => {
    const cable = await cableTo(t, await createTestDatabase(t));
    const database = openPostgres({ url: cable.url, preparedStatements: usualWay() === 'direct' });
    t.teardown(() => database.close());
    const read = (tx: Queryable) => tx.query(SOLD);
    const inTransaction = () => database.transaction(read);
    const kinds: Record<string, () => Promise<unknown>> = {
      ordinary: () => database.query(SOLD),
      'of drizzle': () => database.drizzle.select().from(packs).execute(),
      hot: () => database.hot('sold', SOLD, []),
      'of a transaction': inTransaction,
      reading: () => database.reading(read),
      probe: () => database.probe(SOLD),
    };
    // Connections are made, so that what is silent is the statement.
    for (const ask of Object.values(kinds)) await ask();
    const half = database.transaction(async (tx) => {
      await read(tx);
      cable.hang();
      await read(tx);
    });
    const failsInTime = async (what: string, work: Promise<unknown>) => {
      const startedAt = performance.now();
      const error = await work.then(
        () => null,
        (failed) => failed,
      );
      const isTold = error instanceof UnavailableError || /timeout/i.test(String(error?.cause));
      t.ok(isTold, `${what}: ${error}`);
      const ms = performance.now() - startedAt;
      t.ok(ms < BOUND_MS, `${what}: after ${Math.round(ms)} ms`);
    };
    const middle = failsInTime('the second of a transaction', half);
    while (!cable.isHung()) await new Promise(setImmediate);
    await Promise.all([middle, ...Object.entries(kinds).map(([what, ask]) => failsInTime(what, ask()))]);
    for (const [pool, { size, idle, waiting }] of Object.entries(database.pools())) {
      t.strictSame({ used: size - idle, waiting }, { used: 0, waiting: 0 }, `none of ${pool} is kept`);
    }
    cable.mend();
    for (const [what, ask] of Object.entries(kinds)) await t.resolves(ask(), `${what}: mended`);
  },
);

t.test('of connections that went silent together one call learns of it, and no other', async (t) => {
  const cable = await cableTo(t, await createTestDatabase(t));
  const database = openPostgres({ url: cable.url, preparedStatements: usualWay() === 'direct' });
  t.teardown(() => database.close());
  const ask = () => database.query('select pg_sleep(0.2)');
  await Promise.all([ask(), ask(), ask(), ask()]);
  t.ok((database.pools().ordinary?.idle ?? 0) > 1, 'several are kept');
  cable.hang();
  await t.rejects(ask(), UnavailableError);
  cable.renew();
  for (let i = 0; i < 4; i++) await t.resolves(ask(), 'the others are not tried any more');
});

/** What a session says of its own deadlines, and which one it is. */
const OWN_SETTINGS = `select pg_backend_pid() as pid, current_setting('lock_timeout') as lock,
  current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle`;
const HELD = 'select id from rows_held for update';
interface Settings {
  pid: number;
}

async function waitsForARow(t: Test, way: Way): Promise<void> {
  const url = await createTestDatabase(t, way);
  // One connection, so that who comes next gets the same.
  const database = openPostgres({ url, poolSize: 1, preparedStatements: way === 'direct' });
  t.teardown(() => database.close());
  const next = async (): Promise<Settings> => {
    if (way === 'direct') return (await database.query<Settings>(OWN_SETTINGS))[0] as Settings;
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<Settings>(OWN_SETTINGS);
    await client.end();
    return rows[0] as Settings;
  };
  const usual = await next();
  const session = await openSession(t, url);
  await session.query('create table rows_held as select 1 as id');
  await session.query('begin');
  await session.query(HELD);
  const wait = (lockTimeoutMs?: number) =>
    database.transaction((tx) => tx.query(HELD), lockTimeoutMs ? { lockTimeoutMs } : {});
  await t.rejects(wait(250), LockedError, 'as long as the call says');
  await t.rejects(wait(), LockedError, 'as long as is usual, where it says nothing');
  await session.query('rollback');
  t.ok((await wait()).length > 0, 'free again, it is had');
  t.strictSame(await next(), usual, 'who has this connection next has none of it');

  const during = (await database.transaction((tx) => tx.query<Settings>(OWN_SETTINGS)))[0];
  t.match(during, { pid: usual.pid, lock: '2s', idle: '5s' }, 'a transaction has both limits');
  const reading = (await database.reading((tx) => tx.query<Settings>(OWN_SETTINGS)))[0];
  t.match(reading, { lock: '2s', statement: '5s', idle: '5s' }, 'one that reads has a third');
  t.strictSame(await next(), usual);
}

t.test('a row that somebody else holds is waited for 2 s, and the limit is not left behind', (t) =>
  waitsForARow(t, 'direct'),
);
t.test('so it is through PgBouncer', whereFound('TEST_POOLER_URL', 'pgbouncer'), (t) =>
  waitsForARow(t, 'pooler'),
);
