import { mkdirSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
}

/**
 * Two processes on one embedded database would ruin it, and it would not notice. The lock is a Unix socket that only
 * this process can hold and that goes with it, however it dies; a lock file would outlive kill -9. On Linux its name
 * is abstract and made of the directory's device and inode, so that another spelling of the path is the same lock.
 * Makes the directory where it is missing. Throws DirectoryInUseError.
 */
export async function lockDirectory(directory: string): Promise<{ release(): Promise<void> }> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { dev, ino } = statSync(directory);
  const server =
    process.platform === 'linux'
      ? await hold(`\0farebox-${dev}-${ino}`)
      : await holdFile(join(directory, 'in-use.sock'));
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Where there are no abstract names: a socket file, which a killed process leaves behind, but nobody answers on it. */
export async function holdFile(path: string): Promise<Server> {
  try {
    return await hold(path);
  } catch (error) {
    if (!(error instanceof DirectoryInUseError) || (await answers(path))) throw error;
    rmSync(path, { force: true });
    return hold(path);
  }
}

function hold(name: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new DirectoryInUseError('another process holds it') : error),
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
