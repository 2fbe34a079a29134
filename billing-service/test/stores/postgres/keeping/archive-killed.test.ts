/** Killed at any step, the entries are in the database, or in the file and carried; the next run goes on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { verifyArchive } from '../../../../src/domain/keeping/verify-archive.js';
import { FilesFolder } from '../../../../src/stores/files/archive-folder.js';
import { openPostgres } from '../../../../src/stores/postgres/driver/node-postgres.js';
import { audit } from '../../../../src/stores/postgres/ledger/audit-walk.js';
import { createTestDatabase } from '../../../support/postgres-template.js';
import { archive, fillLedger, folderOf, NOW, noted } from './archived-ledger.js';

t.setTimeout(240_000);

const PROGRAM = fileURLToPath(new URL('./archive-and-die.js', import.meta.url));

/** What was archived when it died. */
const STEPS: [when: string, step: string, archived: number][] = [
  ['before', 'file', 0],
  ['within', 'file', 0],
  ['after', 'file', 0],
  ['before', 'insert into carried', 0],
  ['after', 'insert into carried', 0],
  ['after', 'insert into archives', 0],
  ['after', 'drop table', 0],
  ['before', 'commit', 0],
];

for (const [when, step, archived] of STEPS) {
  t.test(`${when} ${step}`, async (t) => {
    const url = await createTestDatabase(t, 'direct');
    const database = openPostgres({ url });
    t.teardown(() => database.close());
    await fillLedger(database);
    const path = folderOf(t);
    const child = spawn(process.execPath, [PROGRAM, url, path, when, step], { stdio: 'inherit' });
    const [, signal] = await once(child, 'exit');
    t.equal(signal, 'SIGKILL');
    const whole = { accounts: 20, entries: 180, mismatches: [] };
    t.match(await audit(database, NOW), whole);
    t.equal((await noted(database)).length, archived);
    const faults = existsSync(path)
      ? (await verifyArchive(new FilesFolder(path), await noted(database))).faults
      : [];
    t.same(faults, [], 'no file of those that are there is half a file');

    t.equal((await archive(database, path)).done.length, 2 - archived);
    t.match(await audit(database, NOW), whole);
    t.same((await verifyArchive(new FilesFolder(path), await noted(database))).faults, []);
    t.same(readdirSync(path).length, 2, 'and nothing else is left there');
  });
}

t.test('after the commit: what was archived is, and the next run has the next', async (t) => {
  const url = await createTestDatabase(t, 'direct');
  const database = openPostgres({ url });
  t.teardown(() => database.close());
  await fillLedger(database);
  const path = folderOf(t);
  // The pages are read in transactions of their own, so it dies with the second file's first.
  const child = spawn(process.execPath, [PROGRAM, url, path, 'after', 'commit'], { stdio: 'inherit' });
  t.equal((await once(child, 'exit'))[1], 'SIGKILL');
  t.match(await audit(database, NOW), { entries: 180, mismatches: [] });
  await archive(database, path);
  t.match(await audit(database, NOW), { entries: 180, mismatches: [] });
  t.same((await verifyArchive(new FilesFolder(path), await noted(database))).faults, []);
});
