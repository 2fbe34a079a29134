import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** A claim on a folder is a socket file in it, and a process that listens behind it and says how far it is. */
const CLAIM = /^in-use-[0-9a-f]{16}\.sock$/;
export const CLAIM_BYTES = 'in-use-0123456789abcdef.sock'.length;
const HELD = 'held';
const CLAIMING = 'claiming';
/** One that took the call and says nothing, as a stopped or very busy process: it may well hold the folder. */
const SILENCE_MS = 5_000;

/** This process' own claim. */
export class FolderClaim {
  readonly folder: string;
  readonly name = `in-use-${randomBytes(8).toString('hex')}.sock`;
  readonly #server: Server;
  #state = CLAIMING;

  private constructor(folder: string) {
    this.folder = folder;
    this.#server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.write(this.#state);
      socket.destroySoon();
    }).unref();
  }

  /** Resolves when it listens; `near` is a short path of the folder, needed no longer than that. */
  static async make(folder: string, near: string): Promise<FolderClaim> {
    const claim = new FolderClaim(folder);
    claim.#server.listen(join(near, claim.name));
    await once(claim.#server, 'listening');
    return claim;
  }

  isThere(): boolean {
    return existsSync(join(this.folder, this.name));
  }

  win(): void {
    this.#state = HELD;
  }

  async end(): Promise<void> {
    rmSync(join(this.folder, this.name), { force: true });
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The names of the claims in a folder (by a short path), apart from `own`, by what is heard behind them. */
export async function claimsIn(
  near: string,
  own?: string,
): Promise<Record<'held' | 'contested' | 'dead', string[]>> {
  const names = readdirSync(near).filter((name) => CLAIM.test(name) && name !== own);
  const states = await Promise.all(names.map((name) => stateBehind(join(near, name))));
  const those = (state: string) => names.filter((_, index) => states[index] === state);
  return { held: those('held'), contested: those('contested'), dead: those('dead') };
}

export function removeDead(folder: string, names: string[]): void {
  for (const name of names) rmSync(join(folder, name), { force: true });
}

/** Proof of death is a refused connection, or that there is no socket; whatever else goes wrong, somebody may be there. */
function stateBehind(path: string): Promise<'held' | 'contested' | 'dead'> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(path);
    const end = (state: 'held' | 'contested' | 'dead') => {
      resolve(state);
      socket.destroy();
    };
    socket.setEncoding('utf8').setTimeout(SILENCE_MS);
    socket.on('data', (text: string) => (said += text));
    socket.on('timeout', () => end('held'));
    // Heard out. One that ended in mid-word has just given way, or died: the next look will tell.
    socket.on('end', () => end(said === HELD ? 'held' : 'contested'));
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED' || code === 'ENOTSOCK' || code === 'ENOENT') end('dead');
      else end(code === 'ECONNRESET' || code === 'EPIPE' ? 'contested' : 'held');
    });
  });
}
