/** Old partitions become files: nothing of the books changes, and nothing is lost, whatever happens when. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { verifyArchive } from '../../../../src/domain/keeping/verify-archive.js';
import { FilesFolder } from '../../../../src/stores/files/archive-folder.js';
import type { Database } from '../../../../src/stores/postgres/driver/database.js';
import { BOTH, freshPostgres } from '../../../support/databases.js';
import { testApp } from '../../../support/test-app.js';
import { archive, fillLedger, folderOf, MILLION, NOW, noted } from './archived-ledger.js';

t.setTimeout(180_000);

const LIVE = 'select count(*) as count, min(id) as first from entries';
const FILES = [
  'entries-0000000000000-0000000999999.ndjson.gz',
  'entries-0000001000000-0000001999999.ndjson.gz',
];

const live = async (database: Database) => (await database.query<{ count: number; first: number }>(LIVE))[0];

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: what is archived is in files, carried, and out of the database`, async (t) => {
    const store = await fresh(t);
    const database = await store.open();
    const { call } = await testApp(t, { store });
    await fillLedger(database);
    const path = folderOf(t);
    const rows = await database.query<{ line: string }>(
      `select row_to_json(e)::text as line from entries e where id < ${2 * MILLION} order by id`,
    );
    const audit = (await call('GET', '/audit')).body;
    const usage = async (query: string) =>
      (await call('GET', `/usage?from=2027-01-01T00:00:00Z&to=2027-07-01T00:00:00Z${query}`)).body.items;
    const sums = ['', '&by=day', '&by=month,operation', '&by=user', '&by=month&user=web:3'];
    const summed = await Promise.all(sums.map(usage));
    t.match(audit, { accounts: 20, entries: 180, mismatches: [] });

    const found = await archive(database, path);
    t.match(found, {
      done: [
        { file: FILES[0], rows: 60 },
        { file: FILES[1], rows: 60 },
      ],
      kept: /entries_2000000: entries may still come to it/,
      failed: false,
    });
    t.same(readdirSync(path).sort(), FILES);
    t.match(await live(database), { count: 60, first: 2 * MILLION + 11 });
    t.same((await call('GET', '/audit')).body, audit, 'the audit is of all that ever was');
    t.same(await Promise.all(sums.map(usage)), summed, 'and so is usage');

    const lines = FILES.flatMap((file) =>
      gunzipSync(readFileSync(join(path, file)))
        .toString()
        .trim()
        .split('\n')
        .slice(1, -1),
    );
    t.same(
      lines,
      rows.map(({ line }) => line),
      'every row, as it was',
    );
    const verified = await verifyArchive(new FilesFolder(path), await noted(database));
    t.match(verified, { faults: [], files: [{ previous: null }, { previous: found.done[0]?.sha256 }] });

    t.match((await archive(database, path)).done, [], 'and nothing twice');
    const page = (await call('GET', '/users/web:3/entries?limit=2')).body;
    t.notOk(page.archived, 'a page that is followed by another');
    const end = await call('GET', `/users/web:3/entries?limit=2&cursor=${page.nextCursor}`);
    t.match(end.body, { archived: { entries: 6, through: '2027-02-10T10:00:00.000Z' } });
    const exported = await call('GET', '/export/entries');
    t.equal(exported.headers['farebox-archived-through'], '2027-02-10T10:00:00.000Z');
    t.equal(exported.text.trim().split('\n').length, 60);
    const days = await call(
      'GET',
      '/usage?user=web:3&by=day&from=2027-01-01T00:00:00Z&to=2027-02-01T00:00:00Z',
    );
    t.match(days, { status: 400, body: { errors: [{ field: 'from', message: /archive/ }] } });
    const lately = await call('GET', '/usage?user=web:3&by=day&from=2027-06-01T00:00:00Z');
    t.match(lately.body.items, [{ day: '2027-06-10', charged: 8 }]);

    await database.query('update accounts set front_left = 80 where user_id = 4');
    await database.query('update carried set spent = spent + 1 where user_id = 5');
    t.match((await call('GET', '/audit')).body.mismatches, [
      { account: '4', figure: 'total by entries' },
      { account: '5', figure: 'spent' },
    ]);
    await t.rejects(database.query('delete from archives'), /only takes inserts/);
    await t.rejects(database.query(`update archives set sha256 = ''`), /only takes inserts/);
  });

  t.test(`${kind}: what is young, not read, held or may still grow stays`, async (t) => {
    const database = await (await fresh(t)).open();
    await fillLedger(database);
    const path = folderOf(t);
    const january = Date.parse('2027-01-01T00:00:00Z');
    t.match((await archive(database, path, undefined, january)).kept, /reach to 2027-01-10T10:00:00.000Z/);
    const young = ({ ledger }: Parameters<Exclude<Parameters<typeof archive>[2], undefined>>[0]) => {
      const { sumsOf } = ledger;
      ledger.sumsOf = async (part) => ({
        ...(await sumsOf.call(ledger, part)),
        lastAt: NOW - 30 * 86_400_000,
      });
    };
    t.match(
      (await archive(database, path, young, NOW)).kept,
      /reach to 2027-05-16/,
      '31 days, whatever is asked',
    );
    await database.query(`update marks set through_id = 5 where reader = 'events'`);
    t.match((await archive(database, path)).kept, /usage or events have not read it/);
    await database.query(`update marks set through_id = 9000000 where reader = 'events'`);
    const held = "'00000000-0000-7000-8000-000000000001'";
    await database.query(`select setval('entries_id_seq', 500)`);
    await database.query(`insert into entries (user_id, kind, amount, balance_after, reservation_id, created_at)
      values (1, 'charge', 0, 0, ${held}, '2027-01-11Z')`);
    await database.query(`insert into reservations (user_id, id, reference, operation, amount, created_at, expires_at)
      values (1, ${held}, 'web:1', 'chat', 1, now(), now())`);
    await database.query('update accounts set open_count = 1 where user_id = 1');
    t.match((await archive(database, path)).kept, /1 of its entries are of open reservations/);
    t.same(readdirSync(path), []);
    t.equal((await live(database))?.count, 181);
  });
}

t.test('a file that is not what the database has lets nothing go', async (t) => {
  const database = await (await freshPostgres(t)).open();
  await fillLedger(database);
  const path = folderOf(t);
  const lost = await archive(database, path, ({ ledger }) => {
    ledger.rows = async function* () {
      yield ['{"id":11,"kind":"grant","amount":33}'];
    };
  });
  t.match(lost, { done: [], failed: true, kept: /is not what the database has/ });
  const damaged = await archive(database, path, ({ folder }) => {
    const { write } = folder;
    folder.write = async (name, pages) => {
      await write.call(folder, name, pages);
      const file = join(path, name);
      writeFileSync(file, readFileSync(file).subarray(0, -20));
    };
  });
  t.match(damaged, { done: [], failed: true, kept: /cannot be read/ });
  t.equal((await live(database))?.count, 180);
  t.match((await archive(database, path)).done, [{ rows: 60 }, { rows: 60 }], 'the next run writes it anew');
  t.same((await verifyArchive(new FilesFolder(path), await noted(database))).faults, []);
});

t.test('while somebody reads the ledger for long it is not waited for in anybody’s way', async (t) => {
  const store = await freshPostgres(t);
  const [database, reader, writer] = [await store.open(), await store.open(), await store.open()];
  await fillLedger(database);
  const reading = await reader.own();
  await reading.query('begin');
  await reading.query('select count(*) from entries');
  let isOver = false;
  const archiving = archive(database, folderOf(t)).finally(() => {
    isOver = true;
  });
  for (let i = 0; i < 20; i++)
    await writer.query(
      `insert into entries (user_id, kind, amount, balance_after, created_at) values (1, 'charge', 0, 0, '2027-06-14Z')`,
    );
  t.notOk(isOver);
  await reading.query('commit');
  await reading.close();
  t.equal((await archiving).done.length, 2, 'and goes on when it can');
});
