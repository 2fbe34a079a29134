import { OverloadedError } from '../domain/ports/unavailable-error.js';

/** Work that takes turns, so that operators who look never keep the connections from users who pay. */
export class FewAtOnce {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, maxWaiting: number) {
    this.#atOnce = atOnce;
    this.#maxWaiting = maxWaiting;
  }

  /** At its turn nothing is begun for somebody who was told meanwhile that it was not done (`isOver`). */
  async run<T>(work: () => Promise<T>, isOver: () => boolean = () => false): Promise<T> {
    if (this.#running < this.#atOnce) this.#running += 1;
    else await this.#turn();
    try {
      if (isOver()) throw new OverloadedError('a call of the console came too late to its turn', 'late');
      return await work();
    } finally {
      // Handed on, so that nobody who comes now goes before those who wait.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting) {
      throw new OverloadedError(`${this.#waiting.length} calls of the console wait`);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
