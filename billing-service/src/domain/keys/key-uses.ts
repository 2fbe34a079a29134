import type { ApiKeyStore } from '../ports/api-key-store.js';
import type { Clock } from '../ports/clock.js';
import type { ApiKey } from './api-key.js';

/** What is shown is at most so far behind: one small write an hour for a key in use. */
const SHOWN_TO_MS = 60 * 60 * 1000;
/** Keys that are first used together are written together. */
const GATHER_MS = 1_000;
/** More than ever wait; what is beyond is noted when it is read again. */
const MAX_WAITING = 10_000;

/**
 * When each key was last used. The keyring tells of a key when it reads it, which for one in use is every few seconds,
 * so that no call pays for this, and a call that is answered from memory does not even count it.
 */
export class KeyUses {
  readonly #store: Pick<ApiKeyStore, 'markUsed'>;
  readonly #clock: Clock;
  #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Pick<ApiKeyStore, 'markUsed'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  note({ id, lastUsedAt }: ApiKey): void {
    const isShown = lastUsedAt !== null && this.#clock.now() - lastUsedAt < SHOWN_TO_MS;
    if (isShown || this.#waiting.size >= MAX_WAITING) return;
    this.#waiting.add(id);
    this.#timer ??= setTimeout(() => void this.#write(), GATHER_MS).unref();
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    await this.#write();
  }

  async #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ids = [...this.#waiting];
    this.#waiting = new Set();
    if (ids.length === 0) return;
    // A failure is no loss: the row still says what it said, so the next read of a key notes it again.
    await this.#store.markUsed(ids, this.#clock.now()).catch(() => {});
  }
}
