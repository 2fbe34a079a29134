import type { Clock } from '../domain/ports/clock.js';

export interface Old {
  /** Deletes up to `limit` rows from before `before`; returns how many. Fewer: there are no more. */
  forget(before: number, limit: number): Promise<number>;
  lifeMs: number;
  clock: Clock;
}

const EVERY_MS = 60 * 60 * 1000;
/** Some 40 ms of the database's time. */
const PAGE = 5_000;
/** Then the sweeper goes on with its accounts; the next run deletes more. */
const RUN_MS = 1_000;
const RETRY_MS = 60_000;

/** Deletes what is old, once an hour until none are left; what one run does not manage is left to the next. */
export class ForgetOld {
  readonly #old: Old;
  readonly #nowMs: () => number;
  #nextAt = 0;
  #stopped = false;

  constructor(old: Old, nowMs: () => number) {
    this.#old = old;
    this.#nowMs = nowMs;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Returns how many it deleted. */
  async runOnce(): Promise<number> {
    const { lifeMs, clock } = this.#old;
    const now = clock.now();
    if (now < this.#nextAt) return 0;
    this.#nextAt = now + RETRY_MS;
    const until = this.#nowMs() + RUN_MS;
    let forgotten = 0;
    while (!this.#stopped) {
      const count = await this.#old.forget(now - lifeMs, PAGE);
      forgotten += count;
      const isDone = count < PAGE;
      if (isDone) this.#nextAt = now + EVERY_MS;
      else if (this.#nowMs() >= until) this.#nextAt = now;
      if (isDone || this.#nowMs() >= until) break;
    }
    return forgotten;
  }
}
