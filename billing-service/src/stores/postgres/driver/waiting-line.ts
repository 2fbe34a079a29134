import type { Patience } from '../../../domain/ports/patience.js';
import { OverloadedError } from '../../../domain/ports/unavailable-error.js';

export interface InLine {
  patience: Patience;
  reject(error: unknown): void;
}

/** How often those are looked for whose patience ended while nothing moved. */
const LOOK_EVERY_MS = 250;

/** What waits for its turn, in order of arrival: so many and no more, and each only while its caller waits. */
export class WaitingLine<T extends InLine> {
  readonly #max: number;
  #waiting: T[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  get length(): number {
    return this.#waiting.length;
  }

  get isFull(): boolean {
    return this.#waiting.length >= this.#max;
  }

  count(isCounted: (entry: T) => boolean): number {
    return this.#waiting.reduce((sum, entry) => sum + (isCounted(entry) ? 1 : 0), 0);
  }

  push(entry: T): void {
    this.#waiting.push(entry);
    this.#timer ??= setTimeout(this.#look, LOOK_EVERY_MS).unref();
  }

  /** One that had its turn and waits again: ahead of the first of those that came after it. */
  pushBack(entry: T, cameAfter: (other: T) => boolean): void {
    const place = this.#waiting.findIndex(cameAfter);
    if (place === -1) this.push(entry);
    else this.#waiting.splice(place, 0, entry);
  }

  /** They waited already, and are not sent to the end of it. */
  pushFirst(entries: readonly T[]): void {
    this.#waiting = [...entries, ...this.#waiting];
    this.#timer ??= setTimeout(this.#look, LOOK_EVERY_MS).unref();
  }

  /** Takes out those that `isTaken` says yes to. It is asked in order, and only of those who still wait. */
  take(isTaken: (entry: T) => boolean): T[] {
    const taken: T[] = [];
    const left: T[] = [];
    for (const entry of this.#waiting) {
      if (entry.patience.isOver()) entry.reject(new OverloadedError('its turn did not come in time', 'late'));
      else (isTaken(entry) ? taken : left).push(entry);
    }
    this.#waiting = left;
    return taken;
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    this.take(() => false);
    if (this.#waiting.length > 0) this.#timer = setTimeout(this.#look, LOOK_EVERY_MS).unref();
  };
}
