/**
 * Installs what package-lock.json asks for when node_modules is missing or older than it. Nothing but Node's own
 * modules here: it runs before node_modules exists.
 */
import { spawnSync } from 'node:child_process';
import { lstatSync, statSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const INSTALLED = `${ROOT}node_modules/.package-lock.json`;
const WANTED = `${ROOT}package-lock.json`;

/** @returns {'missing' | 'stale' | 'fresh'} */
function stateOfInstall() {
  // A linked node_modules belongs to somebody who looks after it; `npm ci` would replace the link.
  if (lstatSync(`${ROOT}node_modules`, { throwIfNoEntry: false })?.isSymbolicLink()) return 'fresh';
  const installed = statSync(INSTALLED, { throwIfNoEntry: false });
  if (!installed) return 'missing';
  return statSync(WANTED).mtimeMs > installed.mtimeMs ? 'stale' : 'fresh';
}

export function ensureInstalled() {
  const state = stateOfInstall();
  if (state === 'fresh') return;
  console.log(`Dependencies are ${state}: installing them with npm ci (a minute or so) …`);
  // The build needs TypeScript, so dev dependencies come too, whatever NODE_ENV or `omit` says.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  // npm says where it lives when it runs us; that one works on Windows too, where `npm` is a .cmd.
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const result = spawnSync(command, [...first, ...args], { cwd: ROOT, encoding: 'utf8' });
  if (result.status !== 0) {
    console.error(result.stdout ?? '', result.stderr ?? '', result.error?.message ?? '');
    console.error('npm ci failed (see above): is the network there?');
    process.exit(1);
  }
  // npm may leave the time of the package it unpacked; ours says when this install was finished.
  utimesSync(INSTALLED, new Date(), new Date());
}

ensureInstalled();
