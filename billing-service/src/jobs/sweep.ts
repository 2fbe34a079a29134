import { bringAccountUpToDate } from '../domain/account/read-account.js';
import { UnknownAccountError } from '../domain/account/unknown-account.js';
import type { Clock } from '../domain/ports/clock.js';
import type { Erasures } from '../domain/ports/erasures.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { LedgerRoom } from '../domain/ports/ledger-room.js';
import type { RefusalStore } from '../domain/ports/refusal-store.js';
import { BackOff } from './back-off.js';
import { ForgetOld } from './forget-old.js';
import { HoldCensus } from './hold-census.js';
import { MakeRoom } from './make-room.js';

export interface SweepDeps {
  ledger: Ledger;
  clock: Clock;
  refusals?: Pick<RefusalStore, 'forget'> | undefined;
  room?: LedgerRoom | undefined;
  erasures?: Erasures | undefined;
  onError(error: unknown): void;
  /** How long a run takes; the process's own clock where absent. */
  nowMs?: () => number;
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
const DAY_MS = 24 * 60 * 60 * 1000;
/** Answers are promised for 30 days; a day more costs little. */
const ANSWER_LIFE_MS = 31 * DAY_MS;
/** An hour of refusals is over an hour after it began. */
const REFUSAL_LIFE_MS = 30 * DAY_MS + DAY_MS / 24;
/** A run that is not done by then goes on with the next, so that what has become due meanwhile is seen. */
const RUN_MS = 5_000;
/** The words of whoever was erased go at most this long at a time. */
const ERASE_MS = 1_000;

/**
 * Brings accounts that nobody looks at up to now: renews periods, ends grants and holds. Nothing depends on it (every
 * call brings its own account up to now), so any number of instances may run it and it may be late. Accounts with due
 * grants or periods are found by index; overdue holds, which have no index, by walking all accounts a page at a time,
 * from anywhere. Instances share the work: each finds other accounts, and looks again before it takes one.
 */
export class Sweeper {
  readonly #deps: SweepDeps;
  readonly #nowMs: () => number;
  readonly #backOff: BackOff;
  readonly #answers: ForgetOld;
  readonly #refusals: ForgetOld | undefined;
  readonly #room: MakeRoom | undefined;
  readonly #census = new HoldCensus();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;
  #state = { runs: 0, accounts: 0, failures: 0, endedAt: 0, dueSince: null as number | null };
  /** Null: from anywhere, so that instances that start together do not walk together. */
  #walkedTo: number | null = null;

  constructor(deps: SweepDeps) {
    this.#deps = deps;
    this.#nowMs = deps.nowMs ?? (() => performance.now());
    this.#backOff = new BackOff(this.#nowMs);
    const { ledger, refusals, room, clock } = deps;
    this.#room = room && new MakeRoom(room, clock, this.#nowMs);
    const old = (lifeMs: number, forget: (before: number, limit: number) => Promise<number>) =>
      new ForgetOld({ lifeMs, clock, forget }, this.#nowMs);
    this.#answers = old(ANSWER_LIFE_MS, (before, limit) => ledger.forgetAnswers(before, limit));
    this.#refusals = refusals && old(REFUSAL_LIFE_MS, (before, limit) => refusals.forget(before, limit));
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.runOnce()
        .catch((error) => this.#fail(error))
        .finally(() => !this.#stopped && this.start());
    }, PAUSE_MS);
    this.#timer.unref();
  }

  /** Finishes the account in hand. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#answers.stop();
    this.#refusals?.stop();
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Room for what comes, one page of due accounts, one page of the walk, and now and then the old answers and refusals. */
  async runOnce(): Promise<Swept> {
    const { ledger } = this.#deps;
    // First, for without it nothing goes.
    await this.#room?.runOnce().catch((error) => this.#fail(error));
    const startedAtMs = this.#nowMs();
    const until = startedAtMs + RUN_MS;
    let accounts = 0;
    for (const userId of await ledger.dueAccounts(DUE_PAGE, this.#backOff.waiting())) {
      if (this.#stopped || this.#nowMs() >= until) break;
      if (await this.#bringUpToDate(userId, 'if still due')) accounts++;
    }
    const walk = await ledger.overdueHolds(this.#walkedTo, HOLDS_PAGE);
    this.#census.add(this.#walkedTo, walk.open, walk.lastUserId === null, startedAtMs);
    let walkedTo = walk.lastUserId ?? 0;
    for (const userId of walk.userIds) {
      if (this.#stopped || this.#nowMs() >= until) {
        // Just before the one that it did not come to.
        walkedTo = userId - 1;
        this.#census.drop();
        break;
      }
      if (await this.#bringUpToDate(userId, 'anyway')) accounts++;
    }
    this.#walkedTo = walkedTo;
    const forgottenAnswers = await this.#answers.runOnce();
    await this.#refusals?.runOnce();
    await this.#deps.erasures?.clean(this.#nowMs() + ERASE_MS);
    await this.#note(accounts);
    return { accounts, forgottenAnswers };
  }

  /** For the figures; asks nobody. `dueSince`: since when the account that is due for longest is so. */
  get state() {
    return { ...this.#state, open: this.#census.last, roomLeft: this.#room?.left ?? null };
  }

  async #note(accounts: number): Promise<void> {
    const dueSince = await this.#deps.ledger.dueSince();
    const { runs, accounts: before } = this.#state;
    const endedAt = this.#deps.clock.now();
    this.#state = { ...this.#state, runs: runs + 1, accounts: before + accounts, endedAt, dueSince };
  }

  #fail(error: unknown): void {
    this.#state.failures += 1;
    this.#deps.onError(error);
  }

  /** False where somebody else was faster, and where it failed: then others come before it is tried again. */
  async #bringUpToDate(userId: number, when: 'if still due' | 'anyway'): Promise<boolean> {
    const { ledger } = this.#deps;
    if (this.#backOff.isWaiting(userId)) return false;
    try {
      const view = when === 'anyway' ? null : await ledger.accountOf(userId);
      if (view && !view.due) return false;
      await bringAccountUpToDate({ ledger }, userId);
      this.#backOff.succeeded(userId);
      return true;
    } catch (error) {
      // Erased or merged since it was found to be due.
      if (error instanceof UnknownAccountError) return false;
      this.#backOff.failed(userId);
      this.#fail(error);
      return false;
    }
  }
}
