/** Where to find the programs that the tests need: on this machine, or installed now, or one line that says how. */
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What is missing and what to do about it: printed as it is, without a stack. */
export class MissingProgram extends Error {}

const OLDEST_POSTGRES = 15;
const OLDEST_REDIS = 7;
const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const CHROME_ON_MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** The full path of the first of `names` that PATH has, or undefined. */
function onPath(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      if (folder && isExecutable(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first whole number in what `program --version` prints; NaN when it does not run (Ubuntu's snap stubs). */
function majorVersion(program) {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return status === 0 ? Number(/(\d+)\./.exec(stdout)?.[1]) : Number.NaN;
}

/**
 * A folder with initdb and postgres ≥ 15: Debian's folders (newest first), Homebrew's, PATH's.
 * @returns {string | undefined}
 */
export function findPostgres() {
  const versioned = ['/usr/lib/postgresql', '/usr/local/lib/postgresql'].flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder).map((version) => ({ version, bin: join(folder, version, 'bin') }))
      : [],
  );
  versioned.sort((a, b) => Number(b.version) - Number(a.version));
  const fromPath = onPath('pg_config');
  const bins = versioned.map(({ bin }) => bin);
  if (fromPath) bins.push(execFileSync(fromPath, ['--bindir'], { encoding: 'utf8' }).trim());
  const initdb = onPath('initdb');
  if (initdb) bins.push(join(initdb, '..'));
  return bins.find(
    (bin) =>
      isExecutable(join(bin, 'initdb')) &&
      isExecutable(join(bin, 'postgres')) &&
      majorVersion(join(bin, 'postgres')) >= OLDEST_POSTGRES,
  );
}

/** @returns {{ server: string } | { docker: string }} */
export function findRedis() {
  const found = onPath('redis-server');
  if (found && majorVersion(found) >= OLDEST_REDIS) return { server: found };
  if (aptInstall('redis-server') && onPath('redis-server')) return { server: onPath('redis-server') };
  const docker = onPath('docker');
  if (docker && spawnSync(docker, ['info'], { stdio: 'ignore', timeout: 10_000 }).status === 0)
    return { docker };
  throw new MissingProgram(
    'The tests need redis-server ≥ 7: install it (Debian: apt-get install redis-server).',
  );
}

/** @returns {string} */
export function findChromium() {
  const runs = (program) => program !== undefined && majorVersion(program) > 0;
  const candidates = [
    ...CHROMIUMS.map((name) => onPath(name)),
    isExecutable(CHROME_ON_MAC) ? CHROME_ON_MAC : undefined,
  ];
  const found = candidates.find(runs);
  if (found) return found;
  if (aptInstall('chromium') && runs(onPath('chromium'))) return onPath('chromium');
  throw new MissingProgram('The tests need Chromium: install it (Debian: apt-get install chromium).');
}

/** Debian keeps daemons where an ordinary user's PATH does not look. */
const DAEMONS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];

/** What some tests need and the others do not: undefined where it is not installed and cannot be. */
export function findDaemon(name) {
  const find = () => onPath(name) ?? DAEMONS.map((folder) => join(folder, name)).find(isExecutable);
  return find() ?? (aptInstall(name) ? find() : undefined);
}

/** A fuzzer of other people's making, by openapi.yaml: undefined where Python has not got it. */
export function findSchemathesis() {
  return onPath('schemathesis', 'st');
}

/** Reads units of systemd without running them; comes with systemd itself, so it is not installed for a test. */
export function findSystemdAnalyze() {
  return onPath('systemd-analyze');
}

/** Comes with Postgres where Debian has installed it; the one from npm has none. */
export function findPgDump() {
  return onPath('pg_dump');
}

let isAptUpdated = false;

/** Debian's package, where we are root and apt-get is there; false when that is not so or fails. */
function aptInstall(name) {
  const apt = onPath('apt-get');
  if (!apt || process.getuid?.() !== 0) return false;
  console.log(`Installing ${name} from the system's packages …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (...args) => spawnSync(apt, args, { env, encoding: 'utf8' }).status === 0;
  if (!isAptUpdated) isAptUpdated = run('update', '-qq');
  return run('install', '-y', '-qq', '--no-install-recommends', name);
}
