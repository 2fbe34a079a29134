import type { Tracer } from '../../../../../common/src/tracing.js';
import type { PriceList } from '../../../domain/catalogue/catalogue.js';
import type { Patience } from '../../../domain/ports/patience.js';
import type { LedgerTelemetry } from '../../../domain/ports/telemetry.js';
import { OverloadedError } from '../../../domain/ports/unavailable-error.js';
import { Flights } from '../driver/flights.js';
import { type InLine, WaitingLine } from '../driver/waiting-line.js';
import { isInTime, type Work } from './share-of-patience.js';
import { traceBatch } from './trace-batch.js';

/** Read once when a batch leaves; all its items share it. */
export interface BatchContext {
  now: number;
  priceList: PriceList;
  /** What rows of the ledger name a tier by. */
  tierNumbers: ReadonlyMap<string, number>;
}

/**
 * For batches that write: Postgres works on one while the log of the other is flushed. Reserves at 256 connections came
 * to 0.73 of the empty route, with one in flight to 0.64.
 */
export const WRITES_IN_FLIGHT = 2;

/** What becomes of one item of a batch: an answer, or it goes into the next batch. */
export const AGAIN = Symbol('again');

/** The answer to an item whose account cannot take all that its batch asks of it; nothing was done to the account. */
export const UNFIT = Symbol('unfit');

interface Waiting<Item, Answer> extends InLine {
  item: Item;
  since: number;
  resolve(answer: Answer): void;
}

/** Who is told of each statement. */
export interface BatchWatch {
  onSent?: LedgerTelemetry['batchSent'];
  tracer?: Tracer | undefined;
}

export interface BatchOptions<Item, Answer> extends BatchWatch {
  /** As figures and traces call it. */
  name: string;
  /** Sends the items as one statement; answers in the same order. A throw rejects them all. */
  send(items: Item[]): Promise<(Answer | typeof AGAIN)[]>;
  /** Two items that share one of these are never in flight together: the second waits for the answer of the first. */
  conflictsOf(item: Item): readonly string[];
  maxItems: number;
  /** Statements in flight at once; 1. */
  maxInFlight?: number;
  /** What is refused first where too much waits. */
  work: Work;
}

/** So many full statements may wait, however quick they are. */
const MAX_STATEMENTS_WAITING = 20;

/**
 * Gathers what arrives while a statement is in flight, and sends it as one when that statement is back. If a second
 * statement may be in flight, it leaves as soon as as many items wait as are in flight: a statement by itself costs as
 * much as ten items do. What was read from the sockets in one turn of the event loop leaves at the end of that turn, so
 * a lone item does not wait, and a burst does not begin with a batch of one. An item whose caller has left is dropped.
 */
export class Batch<Item, Answer> {
  readonly #options: BatchOptions<Item, Answer>;
  readonly #line: WaitingLine<Waiting<Item, Answer>>;
  readonly #flights = new Flights(() => this.#leave());
  readonly #marksInFlight = new Set<string>();
  #isScheduled = false;

  constructor(options: BatchOptions<Item, Answer>) {
    this.#options = options;
    this.#line = new WaitingLine(options.maxItems * MAX_STATEMENTS_WAITING);
  }

  get name(): string {
    return this.#options.name;
  }

  /** Calls that wait for a statement, and statements that are on their way. */
  get load(): { waiting: number; inFlight: number } {
    return { waiting: this.#line.length, inFlight: this.#flights.count };
  }

  /** Throws OverloadedError where the answer could not come in time. */
  add(item: Item, patience: Patience): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { maxItems, work } = this.#options;
      const expectedMs = this.#flights.expectedMs(Math.floor(this.#line.length / maxItems));
      if (this.#line.isFull || !isInTime(expectedMs, patience, work)) {
        reject(new OverloadedError(`${this.#line.length} wait, for some ${Math.round(expectedMs)} ms`));
        return;
      }
      this.#line.push({ item, patience, since: performance.now(), resolve, reject });
      if (this.#isScheduled || !this.#mayLeave()) return;
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.#leave();
      });
    });
  }

  #mayLeave(): boolean {
    if (this.#flights.count === 0) return this.#line.length > 0;
    return this.#flights.count < (this.#options.maxInFlight ?? 1) && this.#line.length >= this.#flights.items;
  }

  #leave(): void {
    if (!this.#mayLeave()) return;
    const batch = this.#take();
    if (batch.length > 0) void this.#send(batch);
  }

  /** The next items in order of arrival; those in conflict with an earlier one stay in the queue, also in order. */
  #take(): Waiting<Item, Answer>[] {
    const marks = new Set<string>();
    let taken = 0;
    return this.#line.take(({ item }) => {
      const conflicts = this.#options.conflictsOf(item);
      const blocked =
        taken >= this.#options.maxItems ||
        conflicts.some((mark) => marks.has(mark) || this.#marksInFlight.has(mark));
      for (const mark of conflicts) marks.add(mark);
      if (!blocked) taken += 1;
      return !blocked;
    });
  }

  async #send(batch: Waiting<Item, Answer>[]): Promise<void> {
    const marks = batch.flatMap(({ item }) => this.#options.conflictsOf(item));
    for (const mark of marks) this.#marksInFlight.add(mark);
    const leftAt = performance.now();
    const traced = traceBatch(this.#options.tracer, this.name, batch);
    traced?.sent();
    const flight = this.#flights.start(batch.length);
    let answers: (Answer | typeof AGAIN)[] | undefined;
    let failure: unknown;
    try {
      answers = await this.#options.send(batch.map((waiting) => waiting.item));
    } catch (error) {
      failure = error;
    }
    this.#flights.end(flight, answers !== undefined);
    traced?.ended(answers === undefined);
    const waitedMs = leftAt - (batch[0]?.since ?? leftAt);
    this.#options.onSent?.(this.name, { items: batch.length, waitedMs, tookMs: performance.now() - leftAt });
    for (const mark of marks) this.#marksInFlight.delete(mark);
    const again = batch.filter((_, i) => answers?.[i] === AGAIN);
    if (again.length > 0) this.#line.pushFirst(again);
    // Send the next statement first: the database works on it while the answers of this one are written.
    this.#leave();
    batch.forEach((waiting, i) => {
      if (!answers) waiting.reject(failure);
      else if (answers[i] !== AGAIN) waiting.resolve(answers[i] as Answer);
    });
  }
}
