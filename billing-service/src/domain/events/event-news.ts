import type { EventHead } from '../ports/event-store.js';
import type { Patience } from '../ports/patience.js';
import { OverloadedError } from '../ports/unavailable-error.js';

export interface NewsOptions {
  /** The place of the last event. */
  last(): Promise<number>;
  /** The oldest events after a place. */
  heads(after: number, limit: number): Promise<EventHead[]>;
  /** This instance is about to end: nobody is kept waiting any more. */
  isLeaving?: (() => boolean) | undefined;
}

/** What is waited for; absent: any. */
export interface Awaited {
  types?: readonly string[] | undefined;
  userId?: number | undefined;
}

interface Waiter extends Awaited {
  /** Up to here there is nothing for it. */
  after: number;
  untilMs: number;
  patience: Patience;
  resolve(isNews: boolean): void;
}

/** How soon it is seen that another instance has told something. */
const LOOK_MS = 250;
const MAX_WAITING = 500;
/** Looked through for all of them in a millisecond or two; then others have a turn. */
const HEADS_A_LOOK = 200;

/**
 * Those who wait for the next event: one look at the database for all of them, and none while nobody waits. Each is woken
 * by what it waits for alone: five hundred who wait for what seldom comes would else ask, each for itself, at every
 * event that does.
 */
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

  /** True as soon as there is one after `after`; false when the time is up, or the instance is about to end. */
  wait(after: number, awaited: Awaited, untilMs: number, patience: Patience): Promise<boolean> {
    if (this.#isClosed || this.#options.isLeaving?.()) return Promise.resolve(false);
    if (this.#waiting.size >= MAX_WAITING) throw new OverloadedError('too many wait for events');
    return new Promise((resolve) => {
      this.#waiting.add({ ...awaited, after, untilMs, patience, resolve });
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
    const isMore = await this.#takeNews().catch(() => false);
    this.#timer = undefined;
    const now = performance.now();
    const isLeaving = this.#options.isLeaving?.() ?? false;
    this.#end(({ untilMs, patience }) => isLeaving || now >= untilMs || patience.isOver(), false);
    if (this.#waiting.size > 0) this.#look(isMore ? 0 : LOOK_MS);
  }

  /** Wakes those whom the next events are for; says whether there are more. */
  async #takeNews(): Promise<boolean> {
    // Who comes meanwhile may have seen less than what is looked for here.
    const asking = new Set(this.#waiting);
    const last = await this.#options.last();
    const after = Math.min(...[...asking].map((waiter) => waiter.after));
    if (last <= after) return false;
    const heads = await this.#options.heads(after, HEADS_A_LOOK);
    const isMore = heads.length === HEADS_A_LOOK;
    const seen = isMore ? (heads.at(-1)?.position ?? last) : last;
    this.#end((waiter) => asking.has(waiter) && heads.some((head) => isFor(waiter, head)), true);
    for (const waiter of asking) waiter.after = Math.max(waiter.after, seen);
    return isMore;
  }

  #end(which: (waiter: Waiter) => boolean, isNews: boolean): void {
    for (const waiter of this.#waiting) {
      if (!which(waiter)) continue;
      this.#waiting.delete(waiter);
      waiter.resolve(isNews);
    }
  }
}

const isFor = ({ after, types, userId }: Waiter, head: EventHead): boolean =>
  head.position > after &&
  (types === undefined || types.includes(head.type)) &&
  (userId === undefined || userId === head.userId);
