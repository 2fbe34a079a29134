/** Whatever was done to the files of an archive, its verify says so. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { verifyArchive } from '../../../../src/domain/keeping/verify-archive.js';
import { FilesFolder } from '../../../../src/stores/files/archive-folder.js';
import { freshPostgres } from '../../../support/databases.js';
import { archive, fillLedger, folderOf, noted } from './archived-ledger.js';

t.setTimeout(120_000);

const FILES = [
  'entries-0000000000000-0000000999999.ndjson.gz',
  'entries-0000001000000-0000001999999.ndjson.gz',
];

t.test('a verify finds every kind of damage', async (t) => {
  const database = await (await freshPostgres(t)).open();
  await fillLedger(database);
  const path = folderOf(t);
  await archive(database, path);
  const list = await noted(database);
  const [first = '', second = ''] = FILES.map((file) => join(path, file));
  const [one, two] = [readFileSync(first), readFileSync(second)];
  const faults = async (file: string, bytes: Buffer, against = list) => {
    writeFileSync(file, bytes);
    const found = (await verifyArchive(new FilesFolder(path), against)).faults;
    writeFileSync(first, one);
    writeFileSync(second, two);
    return found.join('; ');
  };
  const edited = (from: string | RegExp, to: string) =>
    gzipSync(gunzipSync(one).toString().replace(from, to));
  t.equal(await faults(first, one), '');
  t.match(await faults(first, one.subarray(0, 200)), /cannot be read/);
  t.match(await faults(first, Buffer.from('')), /cut short|cannot be read/);
  t.match(await faults(first, edited('"amount":33', '"amount":34')), /not those that were written/);
  t.match(await faults(first, edited(/\n\{"user_id":1,.*\n/, '\n')), /not those that were written/);
  t.match(await faults(first, edited('"previous":null', '"previous":"x"')), /not those that were written/);
  t.match(await faults(second, one), /does not follow.*is another than was noted|is another/);
  const changed = list.map((file, i) => (i === 0 ? { ...file, sha256: 'other' } : file));
  t.match(await faults(first, one, changed), /is another than was noted/);
});
