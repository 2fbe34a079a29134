/** A ledger of two old partitions and a young one, of users who were given, charged and refunded. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveLedger } from '../../../../src/domain/keeping/archive-ledger.js';
import type { ArchiveFolder, LedgerArchive } from '../../../../src/domain/ports/ledger-archive.js';
import { FilesFolder } from '../../../../src/stores/files/archive-folder.js';
import type { Database } from '../../../../src/stores/postgres/driver/database.js';
import { PostgresLedgerArchive } from '../../../../src/stores/postgres/keeping/ledger-archive.js';
import { USAGE_READER, usageRollup } from '../../../../src/stores/postgres/readers/usage-rollup.js';
import { optional, type Teardown } from '../../../support/test-environment.js';

export const MILLION = 1_000_000;
export const NOW = Date.parse('2027-06-15T12:00:00Z');
export const BEFORE = Date.parse('2027-04-01T00:00:00Z');
/** When the entries of each partition happened. */
const MONTHS = ['2027-01-10T10:00:00Z', '2027-02-10T10:00:00Z', '2027-06-10T10:00:00Z'];

const USERS = `insert into users (id, tier, created_at)
  select i, 'gift', '2027-01-01Z' from generate_series(1, $1::integer) i`;
const ACCOUNTS = `insert into accounts (user_id, front_grant_id, front_left, spent)
  select i, 1, 81, 18 from generate_series(1, $1::integer) i`;
const GRANTS = `insert into grants (user_id, id, source, amount, remaining, created_at)
  select i, 1, 'promo', 99, 99, '2027-01-01Z' from generate_series(1, $1::integer) i`;
const REFERENCES = `insert into user_references (reference, user_id, created_at)
  select 'web:' || i, i, '2027-01-01Z' from generate_series(1, $1::integer) i`;
/** 33 given, 8 charged, 2 refunded. */
const ENTRIES = `insert into entries (user_id, kind, amount, balance_after, operation, metadata, created_at)
  select i, k.kind, k.amount, 0, 'chat', '{"a": "ü\\n\\"'  || i || '"}', $2 from generate_series(1, $1::integer) i,
    (values ('grant', 33), ('charge', -8), ('refund', 2)) k(kind, amount)`;

export async function fillLedger(database: Database, users = 20): Promise<void> {
  await database.query(`insert into tiers (id, name, monthly_tokens, overdraft, requires_channel, prices, policies, features, position)
    values ('gift', 'Gift', 0, 0, false, '[]', '[]', '[]', 1) on conflict do nothing`);
  for (const text of [USERS, ACCOUNTS, GRANTS, REFERENCES]) await database.query(text, [users]);
  for (const [i, at] of MONTHS.entries()) {
    await database.query(`select setval('entries_id_seq', $1::bigint)`, [i * MILLION + 10]);
    await database.query(ENTRIES, [users, at]);
  }
  await readAll(database);
}

/** Usage is summed up, and events are told, as far as the ledger goes. */
export async function readAll(database: Database): Promise<void> {
  const reader = usageRollup(database);
  const sight = await reader.look();
  while (sight && (await reader.take(sight, 10_000)) === 'more');
  await database.query(
    `update marks set through_id = (select through_id from marks where reader = '${USAGE_READER}'),
       summed_id = 0 where reader = 'events'`,
  );
}

export function folderOf(t: Teardown): string {
  const folder = mkdtempSync(join(optional('TEST_RUN_FOLDER') ?? tmpdir(), 'farebox-archive-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** `change`: what stands between the archive and its stores. */
export async function archive(
  database: Database,
  path: string,
  change: (parts: { ledger: LedgerArchive; folder: ArchiveFolder }) => void = () => {},
  before = BEFORE,
) {
  const connection = await database.own();
  const parts = { ledger: new PostgresLedgerArchive(database, connection), folder: new FilesFolder(path) };
  change(parts);
  try {
    return await archiveLedger({ ...parts, now: () => NOW, say: () => {} }, before);
  } finally {
    await connection.close();
  }
}

export async function noted(database: Database) {
  const connection = await database.own();
  try {
    return await new PostgresLedgerArchive(database, connection).files();
  } finally {
    await connection.close();
  }
}
