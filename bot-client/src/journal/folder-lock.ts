import { mkdirSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** Another bot process has this folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
  constructor(folder: string) {
    super(
      `another bot runs with this folder (${folder}): stop it, or give this one a BOT_DATA_DIR of its own`,
    );
  }
}

/**
 * Two bots in one journal would each forget what the other owes. The lock is a Unix socket, which goes with the process
 * however it dies; a lock file would outlive kill -9. On Linux its name is abstract and made of the folder's device and
 * inode, so that another spelling of the path is the same lock. Makes the folder where it is missing. Answers with what
 * gives the lock back; throws `FolderInUseError`.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { dev, ino } = statSync(folder);
  const abstract = process.platform === 'linux';
  const server = abstract
    ? await hold(`\0farebot-${dev}-${ino}`)
    : await holdFile(join(folder, 'in-use.sock'));
  if (server === undefined) throw new FolderInUseError(folder);
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** Where there are no abstract names: a socket file, which a killed process leaves behind, but nobody answers on it. */
export async function holdFile(path: string): Promise<Server | undefined> {
  const server = await hold(path);
  if (server !== undefined || (await answers(path))) return server;
  rmSync(path, { force: true });
  return hold(path);
}

/** Undefined: someone else has it. */
function hold(name: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(name, () => resolve(server));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });
}
