/**
 * PGlite in memory, migrated. Its first start makes a whole database cluster (5 s of a core); unpacking one that was
 * made before takes 1.3 s, so the first test process that needs one keeps it in the run's folder for all others.
 */
import { existsSync } from 'node:fs';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import type { Database } from '../../src/stores/postgres/driver/database.js';
import { migrate } from '../../src/stores/postgres/driver/migrate.js';
import { asDatabase } from '../../src/stores/postgres/driver/pglite.js';
import { optional } from './test-environment.js';

const WAIT_TIMEOUT_MS = 100_000;

let template: Promise<Blob> | undefined;

export async function migratedPglite(): Promise<Database> {
  template ??= findTemplate();
  return asDatabase(await PGlite.create({ loadDataDir: await template }));
}

async function findTemplate(): Promise<Blob> {
  const folder = optional('TEST_RUN_FOLDER');
  if (!folder) return makeTemplate();
  const file = join(folder, 'pglite-template.tar');
  if (await isFirst(`${file}.maker`)) {
    const made = await makeTemplate();
    await writeFile(`${file}.draft`, Buffer.from(await made.arrayBuffer()));
    await rename(`${file}.draft`, file);
    return made;
  }
  const deadline = Date.now() + WAIT_TIMEOUT_MS;
  while (!existsSync(file)) {
    // The process that was making it may have crashed.
    if (Date.now() > deadline) return makeTemplate();
    await sleep(50);
  }
  return new Blob([await readFile(file)]);
}

async function makeTemplate(): Promise<Blob> {
  const lite = await PGlite.create();
  await migrate(asDatabase(lite));
  const dump = await lite.dumpDataDir('none');
  await lite.close();
  return dump;
}

async function isFirst(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close();
    return true;
  } catch {
    return false;
  }
}
