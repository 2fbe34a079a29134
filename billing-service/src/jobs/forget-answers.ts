import type { Clock } from '../domain/ports/clock.js';
import type { Ledger } from '../domain/ports/ledger.js';

/** Answers are promised for 30 days; a day more costs little. */
const ANSWER_LIFE_MS = 31 * 24 * 60 * 60 * 1000;
const EVERY_MS = 60 * 60 * 1000;
/** Some 40 ms of the database's time. */
const PAGE = 5_000;
/** Then the sweeper goes on with its accounts; the next run deletes more. */
const RUN_MS = 1_000;
const RETRY_MS = 60_000;

/** Deletes old answers, once an hour until none are left; what one run does not manage is left to the next. */
export class ForgetAnswers {
  readonly #deps: { ledger: Ledger; clock: Clock };
  readonly #nowMs: () => number;
  #nextAt = 0;
  #stopped = false;

  constructor(deps: { ledger: Ledger; clock: Clock }, nowMs: () => number) {
    this.#deps = deps;
    this.#nowMs = nowMs;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Returns how many it deleted. */
  async runOnce(): Promise<number> {
    const { ledger, clock } = this.#deps;
    const now = clock.now();
    if (now < this.#nextAt) return 0;
    this.#nextAt = now + RETRY_MS;
    const until = this.#nowMs() + RUN_MS;
    let forgotten = 0;
    while (!this.#stopped) {
      const count = await ledger.forgetAnswers(now - ANSWER_LIFE_MS, PAGE);
      forgotten += count;
      const isDone = count < PAGE;
      if (isDone) this.#nextAt = now + EVERY_MS;
      else if (this.#nowMs() >= until) this.#nextAt = now;
      if (isDone || this.#nowMs() >= until) break;
    }
    return forgotten;
  }
}
