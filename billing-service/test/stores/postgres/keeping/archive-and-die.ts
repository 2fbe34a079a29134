/** A process that archives, and is killed at a step: a file, or a statement and whether before or after it. */
import { archiveLedger } from '../../../../src/domain/keeping/archive-ledger.js';
import { FilesFolder } from '../../../../src/stores/files/archive-folder.js';
import { openPostgres } from '../../../../src/stores/postgres/driver/node-postgres.js';
import { PostgresLedgerArchive } from '../../../../src/stores/postgres/keeping/ledger-archive.js';
import { BEFORE, NOW } from './archived-ledger.js';

const [url = '', path = '', when = '', step = ''] = process.argv.slice(2);

const dieAt = (now: string, here: string): void => {
  if (now === when && here.startsWith(step)) process.kill(process.pid, 'SIGKILL');
};

const database = openPostgres({ url });
const own = await database.own();
const connection = {
  ...own,
  query: async <R>(text: string, values?: readonly unknown[]): Promise<R[]> => {
    dieAt('before', text);
    const rows = await own.query<R>(text, values);
    dieAt('after', text);
    return rows;
  },
};
const folder = new FilesFolder(path);
const dying = {
  names: () => folder.names(),
  read: (name: string) => folder.read(name),
  write: async (name: string, pages: AsyncIterable<string[]>) => {
    dieAt('before', 'file');
    await folder.write(name, dyingIn(pages));
    dieAt('after', 'file');
  },
};

async function* dyingIn(pages: AsyncIterable<string[]>): AsyncGenerator<string[], void> {
  let count = 0;
  for await (const page of pages) {
    yield page;
    if (++count === 2) dieAt('within', 'file');
  }
}

const ledger = new PostgresLedgerArchive(database, connection);
await archiveLedger({ ledger, folder: dying, now: () => NOW, say: () => {} }, BEFORE);
await own.close();
await database.close();
