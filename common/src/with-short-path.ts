import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Kernels keep a socket's path in 108 bytes (Linux) or 104 (macOS), with a zero at the end. */
const LONGEST_PATH = 103;

/**
 * Calls `use` with a path of `folder` that leaves room for a socket's name of `nameBytes`: its own, or else a symbolic
 * link that is there for as long as `use` takes. What is made through it is in the folder either way.
 */
export async function withShortPath<T>(
  folder: string,
  nameBytes: number,
  use: (path: string) => Promise<T>,
): Promise<T> {
  if (Buffer.byteLength(folder) + 1 + nameBytes <= LONGEST_PATH) return use(folder);
  const detour = mkdtempSync(join(tmpdir(), 'fbx-'));
  try {
    const link = join(detour, 'to');
    symlinkSync(resolve(folder), link);
    return await use(link);
  } finally {
    rmSync(detour, { recursive: true, force: true });
  }
}
