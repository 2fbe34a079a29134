/**
 * Makes dist/empty-cluster: the files of an empty embedded Postgres, which a first start only copies. Making them takes
 * 2 to 5 s of a core, the greater part of a first start; so it is done once, and again for another PGlite.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../dist/empty-cluster', import.meta.url));
const VERSION_FILE = `${FOLDER}.version`;
const PACKAGE = new URL('../node_modules/@electric-sql/pglite/package.json', import.meta.url);

const version = JSON.parse(readFileSync(PACKAGE, 'utf8')).version;
const isMade = () =>
  existsSync(FOLDER) && existsSync(VERSION_FILE) && readFileSync(VERSION_FILE, 'utf8') === version;

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** What others left that were cut short, 40 MB each. */
function removeLeftDrafts() {
  for (const name of readdirSync(dirname(FOLDER))) {
    const pid = /^empty-cluster\.(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(dirname(FOLDER), name), { recursive: true, force: true });
  }
}

async function make() {
  const draft = `${FOLDER}.${process.pid}`;
  const { PGlite } = await import('@electric-sql/pglite');
  const lite = await PGlite.create({ dataDir: draft });
  await lite.close();
  rmSync(VERSION_FILE, { force: true });
  rmSync(FOLDER, { recursive: true, force: true });
  try {
    renameSync(draft, FOLDER);
  } catch (error) {
    // Another build at the same moment was first, and made the same.
    rmSync(draft, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
  writeFileSync(VERSION_FILE, version);
}

mkdirSync(dirname(FOLDER), { recursive: true });
removeLeftDrafts();
if (!isMade()) await make();
