import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Nobody else may look into the folder, so at nothing that is in it. */
export const closeToOthers = (folder: string): void => setMode(folder, 0o700);

/** The same of all that is in it, as somebody may have copied or unpacked it there. Links are left as they are. */
export function makeOwnerOnly(folder: string): void {
  closeToOthers(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeOwnerOnly(path);
    else if (entry.isFile()) setMode(path, 0o600);
  }
}

/** What belongs to somebody else (a volume that is mounted so) is theirs to close. */
function setMode(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}
