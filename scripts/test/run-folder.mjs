/**
 * One temporary folder for everything a test run leaves behind, with a file in `pids/` for each server it started.
 * At the end of the run the launcher (or the watchdog, if the launcher was killed) kills what is listed and removes the
 * folder.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** For a server to end by itself. */
const GRACE_MS = 3000;

export function makeRunFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-test-'));
  // Postgres refuses to run as root, so another user must be able to pass through.
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'pids'));
  return folder;
}

/** The process must lead a group of its own (spawned `detached`): the group is what is killed. */
export function registerProcess(folder, pid) {
  writeFileSync(join(folder, 'pids', String(pid)), '');
}

/** Asks first, then kills, each with its whole process group: a Postgres that is only killed leaks shared memory. */
export async function removeRunFolder(folder) {
  const pids = registered(folder);
  for (const pid of pids) signal(pid, 'SIGINT');
  const deadline = Date.now() + GRACE_MS;
  while (pids.some((pid) => signal(pid, 0)) && Date.now() < deadline) await sleep(20);
  for (const pid of pids) signal(-pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** @returns {boolean} whether there was anything to signal */
function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

function registered(folder) {
  try {
    return readdirSync(join(folder, 'pids')).map(Number);
  } catch {
    return [];
  }
}

/** Cleans up after a launcher that could not do it itself: the pipe to its standard input ends with the launcher. */
export function startWatchdog(folder) {
  const program = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [program, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.unref();
  child.stdin.unref();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  process.stdin.on('close', () => removeRunFolder(folder)).resume();
}
