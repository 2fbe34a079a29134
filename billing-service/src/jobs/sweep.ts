import { bringAccountUpToDate } from '../domain/account/read-account.js';
import type { Clock } from '../domain/ports/clock.js';
import type { Ledger } from '../domain/ports/ledger.js';

export interface SweepDeps {
  ledger: Ledger;
  clock: Clock;
  onError(error: unknown): void;
}

/** What one run did. */
export interface Swept {
  /** Accounts brought up to now. */
  accounts: number;
  forgottenAnswers: number;
}

/** Small enough that a page never holds up the hot path's connections for long. */
const DUE_PAGE = 200;
const HOLDS_PAGE = 5_000;
const PAUSE_MS = 1_000;
/** Answers are promised for 30 days; a day more costs little. */
const ANSWER_LIFE_MS = 31 * 24 * 60 * 60 * 1000;
const FORGET_EVERY_MS = 60 * 60 * 1000;

/**
 * Brings accounts that nobody looks at up to now: renews periods, ends grants and holds. Nothing depends on it (every
 * call brings its own account up to now), so any number of instances may run it and it may be late. Accounts with due
 * grants or periods are found by index; overdue holds, which have no index, by walking all accounts a page at a time.
 */
export class Sweeper {
  readonly #deps: SweepDeps;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;
  #walkedTo = 0;
  #forgotAt = 0;

  constructor(deps: SweepDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.runOnce()
        .catch((error) => this.#deps.onError(error))
        .finally(() => !this.#stopped && this.start());
    }, PAUSE_MS);
    this.#timer.unref();
  }

  /** Finishes the run in hand. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** One page of due accounts, one page of the walk, and now and then the old answers. */
  async runOnce(): Promise<Swept> {
    const { ledger, clock } = this.#deps;
    const due = await ledger.dueAccounts(DUE_PAGE);
    const walk = await ledger.overdueHolds(this.#walkedTo, HOLDS_PAGE);
    this.#walkedTo = walk.lastUserId ?? 0;
    const userIds = new Set([...due, ...walk.userIds]);
    let accounts = 0;
    for (const userId of userIds) {
      if (this.#stopped) break;
      await bringAccountUpToDate(this.#deps, userId).then(
        () => accounts++,
        (error) => this.#deps.onError(error),
      );
    }
    return { accounts, forgottenAnswers: await this.#forget(clock.now()) };
  }

  async #forget(now: number): Promise<number> {
    if (now - this.#forgotAt < FORGET_EVERY_MS) return 0;
    this.#forgotAt = now;
    return this.#deps.ledger.forgetAnswers(now - ANSWER_LIFE_MS);
  }
}
