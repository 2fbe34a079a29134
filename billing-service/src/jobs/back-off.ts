const FIRST_MS = 10_000;
const LONGEST_MS = 600_000;
/** Beyond that the oldest is forgotten, and tried again sooner than it would have been. */
const MAX_ACCOUNTS = 10_000;

interface Failure {
  waitMs: number;
  untilMs: number;
}

/** Accounts that could not be brought up to date, each tried again after twice the time that it waited before. */
export class BackOff {
  readonly #failures = new Map<number, Failure>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  failed(userId: number): void {
    const before = this.#failures.get(userId);
    const waitMs = before ? Math.min(2 * before.waitMs, LONGEST_MS) : FIRST_MS;
    this.#failures.delete(userId);
    this.#failures.set(userId, { waitMs, untilMs: this.#nowMs() + waitMs });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_ACCOUNTS && oldest !== undefined) this.#failures.delete(oldest);
  }

  succeeded(userId: number): void {
    this.#failures.delete(userId);
  }

  isWaiting(userId: number): boolean {
    const failure = this.#failures.get(userId);
    return failure !== undefined && failure.untilMs > this.#nowMs();
  }

  /** Those that are not to be tried now. */
  waiting(): number[] {
    const now = this.#nowMs();
    return [...this.#failures].filter(([, { untilMs }]) => untilMs > now).map(([userId]) => userId);
  }
}
