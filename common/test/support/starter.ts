import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';

const PROGRAM = fileURLToPath(new URL('lock-on-call.js', import.meta.url));

/** Another process, ready to try for the lock of `folder`. */
export class Starter {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  static async begin(t: Test, folder: string): Promise<Starter> {
    return Starter.#ready(t, fork(PROGRAM, [folder]));
  }

  /** In a network namespace of its own, as in another container. */
  static async beginElsewhere(t: Test, folder: string): Promise<Starter> {
    const program = ['-n', process.execPath, PROGRAM, folder];
    return Starter.#ready(t, spawn('unshare', program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  }

  static async #ready(t: Test, child: ChildProcess): Promise<Starter> {
    t.teardown(() => child.kill('SIGKILL'));
    await once(child, 'message');
    return new Starter(child);
  }

  /** `won`, `refused`, or what went wrong. */
  async try(): Promise<string> {
    const answer = once(this.#process, 'message');
    this.#process.send('try');
    const [word] = await answer;
    return word as string;
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** kill -9; resolves when it is gone. */
  async kill(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}
