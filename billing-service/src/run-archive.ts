import type { FastifyBaseLogger } from 'fastify';
import type { Config } from './config.js';
import { archiveLedger } from './domain/keeping/archive-ledger.js';
import { verifyArchive } from './domain/keeping/verify-archive.js';
import { openDatabase } from './open-stores.js';
import { FilesFolder } from './stores/files/archive-folder.js';
import { PostgresLedgerArchive } from './stores/postgres/keeping/ledger-archive.js';

interface Run {
  config: Config;
  log: Pick<FastifyBaseLogger, 'warn'>;
  say(line: string): void;
}

/** 0: what could be done is done. */
export async function runArchive(run: Run, before: number, to: string): Promise<number> {
  const found = await withLedger(run, (ledger) =>
    archiveLedger({ ledger, folder: new FilesFolder(to), now: Date.now, say: run.say }, before),
  );
  run.say(`${found.done.length} archived; next: ${found.kept}`);
  return found.failed ? 1 : 0;
}

/** 0: all is as it was written. Compared with the database's list where DATABASE_URL names one. */
export async function runVerify(run: Run, from: string): Promise<number> {
  const hasList = run.config.databaseUrl !== undefined;
  const noted = hasList ? await withLedger(run, (ledger) => ledger.files()) : undefined;
  const { files, faults } = await verifyArchive(new FilesFolder(from), noted, run.say);
  for (const fault of faults) run.say(fault);
  const list = hasList ? "compared with the database's list" : 'no DATABASE_URL: compared with no list';
  run.say(`${files.length} files in order, ${faults.length} faults; ${list}`);
  return faults.length === 0 ? 0 : 1;
}

async function withLedger<T>(
  { config, log }: Run,
  work: (ledger: PostgresLedgerArchive) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(config, log as never);
  const connection = await database.own();
  try {
    return await work(new PostgresLedgerArchive(database, connection));
  } finally {
    await connection.close();
    await database.close();
  }
}
