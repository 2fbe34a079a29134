const RELOAD_MS = 1_000;
/** More are not kept in memory: then each key is asked for alone, as if there were no set. */
export const MAX_LIVE_KEYS = 50_000;

interface Loaded {
  /** Null where there are too many. */
  hashes: Promise<ReadonlySet<string> | null>;
  startedMs: number;
}

/**
 * The hashes of all keys that are not revoked, read at most once a second, and only when somebody asks: for callers whose
 * keys are nearly always made up, so that a flood of them costs one read and not one each.
 */
export class LiveKeys {
  readonly #load: (limit: number) => Promise<string[]>;
  readonly #nowMs: () => number;
  #loaded: Loaded | undefined;

  constructor(load: (limit: number) => Promise<string[]>, nowMs: () => number) {
    this.#load = load;
    this.#nowMs = nowMs;
  }

  /** False where no live key has this hash. Throws UnavailableError when it cannot be told. */
  async mayHave(hash: string): Promise<boolean> {
    const startedMs = this.#nowMs();
    if (!this.#loaded || startedMs - this.#loaded.startedMs >= RELOAD_MS) {
      this.#loaded = { hashes: this.#read(), startedMs };
    }
    const hashes = await this.#loaded.hashes;
    return hashes === null || hashes.has(hash);
  }

  /** A key was made or revoked. */
  forget(): void {
    this.#loaded = undefined;
  }

  async #read(): Promise<ReadonlySet<string> | null> {
    const hashes = await this.#load(MAX_LIVE_KEYS + 1);
    return hashes.length > MAX_LIVE_KEYS ? null : new Set(hashes);
  }
}
