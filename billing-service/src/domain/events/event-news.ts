import type { Patience } from '../ports/patience.js';
import { OverloadedError } from '../ports/unavailable-error.js';

export interface NewsOptions {
  /** The place of the last event. */
  last(): Promise<number>;
  /** This instance is about to end: nobody is kept waiting any more. */
  isLeaving?: (() => boolean) | undefined;
}

interface Waiter {
  after: number;
  untilMs: number;
  patience: Patience;
  resolve(isNews: boolean): void;
}

/** How soon it is seen that another instance has told something. */
const LOOK_MS = 250;
const MAX_WAITING = 500;

/** Those who wait for the next event: one look at the database for all of them, and none while nobody waits. */
export class EventNews {
  readonly #options: NewsOptions;
  readonly #waiting = new Set<Waiter>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: NewsOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** True as soon as there is an event after `after`; false when the time is up, or the instance is about to end. */
  wait(after: number, untilMs: number, patience: Patience): Promise<boolean> {
    if (this.#isClosed || this.#options.isLeaving?.()) return Promise.resolve(false);
    if (this.#waiting.size >= MAX_WAITING) throw new OverloadedError('too many wait for events');
    return new Promise((resolve) => {
      this.#waiting.add({ after, untilMs, patience, resolve });
      this.#look(LOOK_MS);
    });
  }

  /** Events were told here: those who wait need not wait for the next look. */
  told(): void {
    if (this.#waiting.size === 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#look(0);
  }

  /** Answers all who wait. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#end(() => true, false);
  }

  #look(afterMs: number): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => void this.#lookNow(), afterMs).unref();
  }

  async #lookNow(): Promise<void> {
    // Away, or slow: the time of those who wait runs on all the same.
    const last = await this.#options.last().catch(() => 0);
    this.#timer = undefined;
    const now = performance.now();
    const isLeaving = this.#options.isLeaving?.() ?? false;
    this.#end(({ after }) => last > after, true);
    this.#end(({ untilMs, patience }) => isLeaving || now >= untilMs || patience.isOver(), false);
    if (this.#waiting.size > 0) this.#look(LOOK_MS);
  }

  #end(which: (waiter: Waiter) => boolean, isNews: boolean): void {
    for (const waiter of this.#waiting) {
      if (!which(waiter)) continue;
      this.#waiting.delete(waiter);
      waiter.resolve(isNews);
    }
  }
}
