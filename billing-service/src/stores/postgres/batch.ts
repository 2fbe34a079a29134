import type { PriceList } from '../../domain/catalogue.js';

/** Read once when a batch leaves, and the same for all its items. */
export interface BatchContext {
  now: number;
  priceList: PriceList;
}

/** What one item of a batch got: an answer, or "not in this batch, put me into the next". */
export const AGAIN = Symbol('again');

interface Waiting<Item, Answer> {
  item: Item;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

export interface BatchOptions<Item, Answer> {
  /** Sends the items as one statement; answers in the same order. A throw rejects them all. */
  send(items: Item[]): Promise<(Answer | typeof AGAIN)[]>;
  /** Two items that share one of these never travel together: the second waits for the next batch. */
  conflictsOf(item: Item): readonly string[];
  maxItems: number;
}

/**
 * Gathers what arrives while a statement is in flight and sends it together when that one is back: a lone item never
 * waits, a thousand cost about as much as one. One statement in flight keeps the order of arrival.
 */
export class Batch<Item, Answer> {
  private queue: Waiting<Item, Answer>[] = [];
  private busy = false;

  constructor(private readonly options: BatchOptions<Item, Answer>) {}

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.queue.push({ item, resolve, reject });
      if (!this.busy) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.busy = true;
    while (this.queue.length > 0) await this.sendNext(this.take());
    this.busy = false;
  }

  /** The next items in order of arrival; those in conflict with an earlier one stay in the queue, also in order. */
  private take(): Waiting<Item, Answer>[] {
    const taken: Waiting<Item, Answer>[] = [];
    const left: Waiting<Item, Answer>[] = [];
    const marks = new Set<string>();
    for (const waiting of this.queue) {
      const conflicts = this.options.conflictsOf(waiting.item);
      const blocked = taken.length >= this.options.maxItems || conflicts.some((mark) => marks.has(mark));
      (blocked ? left : taken).push(waiting);
      for (const mark of conflicts) marks.add(mark);
    }
    this.queue = left;
    return taken;
  }

  private async sendNext(batch: Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.options.send(batch.map((waiting) => waiting.item));
      const again: Waiting<Item, Answer>[] = [];
      batch.forEach((waiting, i) => {
        const answer = answers[i] as Answer | typeof AGAIN;
        if (answer === AGAIN) again.push(waiting);
        else waiting.resolve(answer);
      });
      this.queue = [...again, ...this.queue];
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }
}
