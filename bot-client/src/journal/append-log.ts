import { mkdirSync, readFileSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A file of JSON lines that survives kill -9 and power loss: `append` resolves once the line is on disk. Lines that come
 * while a sync is under way share the next one, so fifty users cost one fsync, not fifty.
 */
export class AppendLog<Entry> {
  readonly #path: string;
  #file: FileHandle;
  readonly #snapshot: () => Entry[];
  readonly #compactAtBytes: number;
  #waiting: { text: string; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #writing: Promise<void> | undefined;
  #bytes = 0;

  private constructor(path: string, file: FileHandle, snapshot: () => Entry[], compactAtBytes: number) {
    this.#path = path;
    this.#file = file;
    this.#snapshot = snapshot;
    this.#compactAtBytes = compactAtBytes;
  }

  /** Replays what is there through `replay`, then opens for appending. Throws on a damaged line that is not the last. */
  static async open<Entry>(
    path: string,
    replay: (entry: Entry) => void,
    snapshot: () => Entry[],
    compactAtBytes = 1_000_000,
  ): Promise<AppendLog<Entry>> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    for (const entry of entriesOf<Entry>(path)) replay(entry);
    const log = new AppendLog<Entry>(path, await open(path, 'a', 0o600), snapshot, compactAtBytes);
    // Starting with a compaction also takes a torn last line away before anything is written after it.
    await log.#compact();
    return log;
  }

  append(entry: Entry): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ text: `${JSON.stringify(entry)}\n`, resolve, reject });
    });
    this.#writing ??= this.#drain();
    return written;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #drain(): Promise<void> {
    // The batch is taken a tick later, so that everything said in this tick travels together.
    await null;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      try {
        const text = batch.map((line) => line.text).join('');
        await this.#file.appendFile(text);
        await this.#file.datasync();
        this.#bytes += text.length;
        for (const line of batch) line.resolve();
        if (this.#bytes > this.#compactAtBytes) await this.#compact();
      } catch (error) {
        for (const line of batch) line.reject(error);
      }
    }
    this.#writing = undefined;
  }

  /** Rewrites the file as what still counts. A crash leaves the old file or the new one, never half of one. */
  async #compact(): Promise<void> {
    const fresh = `${this.#path}.new`;
    const file = await open(fresh, 'w', 0o600);
    const text = this.#snapshot()
      .map((entry) => `${JSON.stringify(entry)}\n`)
      .join('');
    await file.appendFile(text);
    await file.sync();
    await rename(fresh, this.#path);
    const folder = await open(dirname(this.#path), 'r');
    await folder.sync();
    await folder.close();
    await this.#file.close();
    this.#file = file;
    // Count from here on: a large live state must not be rewritten at every append.
    this.#bytes = 0;
  }
}

function entriesOf<Entry>(path: string): Entry[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const lines = text.split('\n');
  // What follows the last newline was never acknowledged: a write that the crash cut short.
  lines.pop();
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as Entry;
    } catch {
      throw new Error(`${path} is damaged at line ${index + 1}; move it away to start without it`);
    }
  });
}
