/**
 * Makes dist/empty-cluster: the files of an empty embedded Postgres, which a first start only copies. Making them takes
 * 5 to 8 s of a core, the greater part of a first start; so it is done once a build, and again for another PGlite.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../dist/empty-cluster', import.meta.url));
const VERSION_FILE = `${FOLDER}.version`;
const PACKAGE = new URL('../node_modules/@electric-sql/pglite/package.json', import.meta.url);

const version = JSON.parse(readFileSync(PACKAGE, 'utf8')).version;
const isMade =
  existsSync(FOLDER) && existsSync(VERSION_FILE) && readFileSync(VERSION_FILE, 'utf8') === version;
if (!isMade) {
  const draft = `${FOLDER}.${process.pid}`;
  const { PGlite } = await import('@electric-sql/pglite');
  const lite = await PGlite.create({ dataDir: draft });
  await lite.close();
  rmSync(FOLDER, { recursive: true, force: true });
  renameSync(draft, FOLDER);
  writeFileSync(VERSION_FILE, version);
}
