/** Longer than any lock is waited for. It ends before that where a call gets the lock. */
const REMEMBERED_MS = 10_000;
/** Whoever holds more than this holds the whole table. */
const MAX_ACCOUNTS = 10_000;

/**
 * Accounts whose row somebody else held too long: another instance that stands still, somebody's psql. Their calls take
 * the slow way alone, so that they cost their neighbours in a batch one wait and not one each time.
 */
export class LockedAccounts {
  readonly #until = new Map<number, number>();

  add(userId: number): void {
    if (this.#until.size >= MAX_ACCOUNTS) this.#until.clear();
    this.#until.set(userId, performance.now() + REMEMBERED_MS);
  }

  has(userId: number): boolean {
    // Nearly always there are none.
    if (this.#until.size === 0) return false;
    const until = this.#until.get(userId);
    if (until === undefined) return false;
    if (until > performance.now()) return true;
    this.#until.delete(userId);
    return false;
  }

  /** Its lock was got. */
  delete(userId: number): void {
    this.#until.delete(userId);
  }
}
