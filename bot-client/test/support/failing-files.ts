import type { FileHandle } from 'node:fs/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';

type Call = (...args: unknown[]) => Promise<unknown>;
const files = createRequire(import.meta.url)('node:fs/promises') as Record<string, Call>;
const real = { open: files.open as Call, rename: files.rename as Call };

/** One step of what a program does with files, as `name`d here: `open x.new`, `sync x.new`, `rename x.new`, … */
export type Step = string;

/**
 * The disk, failing on order. Permissions do not stop root, and a disk that is full fails wherever it likes; so it is
 * played where this process calls it. `fails` is asked before every step; `left` counts what was never closed.
 */
export class FailingFiles {
  left = 0;
  fails: (step: Step) => boolean = () => false;

  install(): this {
    files.open = async (path, ...rest) => {
      this.#step('open', String(path));
      return this.#watched((await real.open(path, ...rest)) as FileHandle, String(path));
    };
    files.rename = async (from, to) => {
      this.#step('rename', String(from));
      return real.rename(from, to);
    };
    syncBuiltinESMExports();
    return this;
  }

  remove(): void {
    Object.assign(files, real);
    syncBuiltinESMExports();
  }

  #watched(handle: FileHandle, path: string): FileHandle {
    this.left++;
    const methods = handle as unknown as Record<string, Call>;
    for (const name of ['appendFile', 'datasync', 'sync', 'truncate', 'close']) {
      const method = (methods[name] as Call).bind(handle);
      methods[name] = async (...args) => {
        if (name === 'close') this.left--;
        else if (name === 'appendFile') await this.#write(method, path, String(args[0]));
        else this.#step(name, path);
        return name === 'appendFile' ? undefined : method(...args);
      };
    }
    return handle;
  }

  /** A write that fails may have written any part. */
  async #write(append: Call, path: string, text: string): Promise<void> {
    try {
      this.#step('appendFile', path);
    } catch (error) {
      await append(text.slice(0, text.length / 2));
      throw error;
    }
    await append(text);
  }

  #step(name: string, path: string): void {
    const step = `${name} ${path.split('/').at(-1)}`;
    if (this.fails(step)) throw Object.assign(new Error(`EIO: ${step}`), { code: 'EIO' });
  }
}
