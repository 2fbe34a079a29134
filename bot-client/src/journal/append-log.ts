import { constants, mkdirSync, readFileSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Emptied, and then written at its end, also after its end was cut off. */
const EMPTIED = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;

export interface AppendLogOptions {
  compactAtBytes?: number;
  /** Hears of what no caller of `append` can be told. */
  onFailure?: (error: unknown) => void;
}

/**
 * A file of JSON lines that survives kill -9 and power loss: `append` resolves once the line is on disk. Lines that come
 * while a sync is under way share the next one, so fifty users cost one fsync, not fifty.
 */
export class AppendLog<Entry> {
  readonly #path: string;
  #file: FileHandle;
  readonly #snapshot: () => Entry[];
  readonly #compactAtBytes: number;
  readonly #onFailure: (error: unknown) => void;
  #waiting: { text: string; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #writing: Promise<void> | undefined;
  /** On disk for certain; what a failed write left behind these is cut off before the next. */
  #safeBytes = 0;
  #isTorn = false;
  /** The file is a new one, and its folder may still lead to the old one after a power loss. */
  #isMoved = false;
  #sinceCompaction = 0;
  #closed = false;

  private constructor(
    path: string,
    file: FileHandle,
    snapshot: () => Entry[],
    { compactAtBytes = 1_000_000, onFailure = () => undefined }: AppendLogOptions,
  ) {
    this.#path = path;
    this.#file = file;
    this.#snapshot = snapshot;
    this.#compactAtBytes = compactAtBytes;
    this.#onFailure = onFailure;
  }

  /** Replays what is there through `replay`, then opens for appending. Throws on a damaged line that is not the last. */
  static async open<Entry>(
    path: string,
    replay: (entry: Entry) => void,
    snapshot: () => Entry[],
    options: AppendLogOptions = {},
  ): Promise<AppendLog<Entry>> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    for (const entry of entriesOf<Entry>(path)) replay(entry);
    const log = new AppendLog<Entry>(path, await open(path, 'a', 0o600), snapshot, options);
    try {
      // Starting with a compaction also takes a torn last line away before anything is written after it.
      await log.#compact();
      return log;
    } catch (error) {
      await log.#file.close();
      throw error;
    }
  }

  append(entry: Entry): Promise<void> {
    if (this.#closed) return Promise.reject(new Error(`${this.#path} is closed: nothing more is written`));
    const written = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ text: `${JSON.stringify(entry)}\n`, resolve, reject });
    });
    this.#writing ??= this.#drain();
    return written;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#file.close();
  }

  async #drain(): Promise<void> {
    // The batch is taken a tick later, so that everything said in this tick travels together.
    await null;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      try {
        await this.#write(batch.map((line) => line.text).join(''));
        for (const line of batch) line.resolve();
      } catch (error) {
        for (const line of batch) line.reject(error);
        continue;
      }
      // Its lines are on disk already: whoever wrote them must not hear of this, but somebody must.
      if (this.#sinceCompaction > this.#compactAtBytes) await this.#compact().catch(this.#onFailure);
    }
    this.#writing = undefined;
  }

  async #write(text: string): Promise<void> {
    if (this.#isMoved) await this.#syncFolder();
    if (this.#isTorn) await this.#file.truncate(this.#safeBytes);
    // Until it is synced: a failed sync may have kept any part of it.
    this.#isTorn = true;
    await this.#file.appendFile(text);
    await this.#file.datasync();
    this.#isTorn = false;
    const bytes = Buffer.byteLength(text);
    this.#safeBytes += bytes;
    this.#sinceCompaction += bytes;
  }

  /** Rewrites the file as what still counts. A crash leaves the old file or the new one, never half of one. */
  async #compact(): Promise<void> {
    // Count from here on, also where it fails: neither a large live state nor a full disk is tried at every append.
    this.#sinceCompaction = 0;
    const old = this.#file;
    const text = this.#snapshot()
      .map((entry) => `${JSON.stringify(entry)}\n`)
      .join('');
    // From the rename on the old file has no name: what is written goes into the new one, whatever fails after it.
    this.#file = await this.#moveIntoPlace(text);
    this.#safeBytes = Buffer.byteLength(text);
    this.#isTorn = false;
    this.#isMoved = true;
    await Promise.all([old.close(), this.#syncFolder()]);
  }

  /** The file with this text under the log's name, open; or the failure, with nothing left open or lying about. */
  async #moveIntoPlace(text: string): Promise<FileHandle> {
    const path = `${this.#path}.new`;
    const draft = await open(path, EMPTIED, 0o600);
    try {
      await draft.appendFile(text);
      await draft.sync();
      await rename(path, this.#path);
      return draft;
    } catch (error) {
      await draft.close().catch(() => undefined);
      // On a full disk the lines to come need its room.
      await rm(path, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  async #syncFolder(): Promise<void> {
    const folder = await open(dirname(this.#path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    this.#isMoved = false;
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
