/**
 * Installs what package-lock.json asks for where node_modules lacks some of it: all of it for work on the project, and
 * for running the programs only what they and the build need, a fifth of it. What is there is compared by name and
 * version, not by time: a fresh checkout of the same versions installs nothing. Nothing but Node's own modules here: it
 * runs before node_modules exists.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** npm writes it last: an install that was cut short has none. */
const INSTALLED = `${ROOT}node_modules/.package-lock.json`;
const WANTED = `${ROOT}package-lock.json`;

/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean }} Package
 * @typedef {Record<string, Package>} Packages by folder; '' is the project itself
 */

/**
 * The folders of wanted packages that are not there in the wanted version. Optional ones belong to other machines.
 * @param {Packages} wanted @param {Packages} installed @param {boolean} withDev
 */
export function lacking(wanted, installed, withDev) {
  return Object.entries(wanted)
    .filter(([folder, { dev, optional, devOptional }]) => {
      const isNeeded = !optional && !devOptional && (withDev || !dev);
      return folder !== '' && isNeeded;
    })
    .filter(([folder, { version }]) => installed[folder]?.version !== version)
    .map(([folder]) => folder);
}

/** @returns {'missing' | 'stale' | 'fresh'} */
function stateOfInstall(withDev) {
  // A linked node_modules belongs to somebody who looks after it; `npm ci` would replace the link.
  if (lstatSync(`${ROOT}node_modules`, { throwIfNoEntry: false })?.isSymbolicLink()) return 'fresh';
  if (!existsSync(INSTALLED)) return 'missing';
  const [wanted, installed] = [WANTED, INSTALLED].map(
    (file) => JSON.parse(readFileSync(file, 'utf8')).packages,
  );
  return lacking(wanted, installed, withDev).length > 0 ? 'stale' : 'fresh';
}

/** @param {{ withDev: boolean }} options whether also what tests, checks and benchmarks need */
export function ensureInstalled({ withDev }) {
  const state = stateOfInstall(withDev);
  if (state === 'fresh') return;
  console.log(`Dependencies are ${state}: installing them with npm ci (a minute or so) …`);
  // Said outright, whatever NODE_ENV or npm's own settings say. No package here needs its scripts to run.
  const which = withDev ? '--include=dev' : '--omit=dev';
  const args = ['ci', which, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // npm says where it lives when it runs us; that one works on Windows too, where `npm` is a .cmd.
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const result = spawnSync(command, [...first, ...args], { cwd: ROOT, encoding: 'utf8' });
  if (result.status !== 0) {
    console.error(result.stdout ?? '', result.stderr ?? '', result.error?.message ?? '');
    console.error('npm ci failed (see above): is the network there?');
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureInstalled({ withDev: true });
