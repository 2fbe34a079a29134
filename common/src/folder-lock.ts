import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { CLAIM_BYTES, claimsIn, FolderClaim, removeDead } from './folder-claim.js';
import { closeToOthers } from './owner-only.js';
import { withShortPath } from './with-short-path.js';

/** Another process has this folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
  constructor(readonly folder: string) {
    super(`another process uses the folder ${folder}`);
  }
}

/** How long starters may go on giving way to each other; one of them has won long before. */
const PATIENCE_MS = 15_000;
const LOOK_AGAIN_MS = 20;

/**
 * Gives the folder to this process alone, until what this resolves to is called or the process dies, however it dies.
 * Makes the folder where it is missing, and closes it to other users of the machine. Throws `FolderInUseError`.
 *
 * The lock is a Unix socket file in the folder: other containers and network namespaces that share the folder see it
 * (an abstract socket they do not), and after kill -9 nobody answers behind it (a lock file would still be there). Each
 * starter has a file of its own, with a name that nobody uses again, so no two ever bind or remove the same one. It
 * first listens behind its file and then knocks at all others: of two starters at least the later one meets the first.
 * One that met nobody has the folder. Between starters that met each other the first by name stays, the others give
 * way. Dead files are removed by the process that has the folder, so by one at a time; a starter whose file was taken
 * for dead, as it did not listen yet, finds it gone and begins again.
 *
 * It holds between the processes of one machine; on a network disk it does not see another machine's.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const claim = await withShortPath(folder, CLAIM_BYTES, (near) => compete(folder, near));
  if (claim === undefined) throw new FolderInUseError(folder);
  closeToOthers(folder);
  return () => claim.end();
}

/** The claim that won; undefined where another process has the folder. */
async function compete(folder: string, near: string): Promise<FolderClaim | undefined> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const { held, contested } = await claimsIn(near);
    if (held.length > 0) return undefined;
    // Somebody is about to have it, or to give way.
    if (contested.length === 0) {
      const claim = await FolderClaim.make(folder, near);
      if (await wins(claim, near, until)) return claim;
      await claim.end();
    }
    await pause(LOOK_AGAIN_MS);
  }
  return undefined;
}

async function wins(claim: FolderClaim, near: string, until: number): Promise<boolean> {
  while (performance.now() < until) {
    const { held, contested, dead } = await claimsIn(near, claim.name);
    const isFirst = contested.every((name) => claim.name < name);
    // The process that removed this claim's file had the folder then; later starters would not see this one.
    if (held.length > 0 || !isFirst || !claim.isThere()) return false;
    if (contested.length === 0) {
      claim.win();
      removeDead(claim.folder, dead);
      return true;
    }
    await pause(LOOK_AGAIN_MS);
  }
  return false;
}
