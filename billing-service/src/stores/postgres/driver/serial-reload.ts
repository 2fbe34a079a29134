import { Backoff } from '../../../../../common/src/backoff.js';
import { Flights } from './flights.js';

/** Short, since others may know already what this process missed. */
const RETRIES = { firstMs: 250, longestMs: 1_000 };

export interface SerialReloadOptions<T> {
  load(): Promise<T>;
  /** Takes what was read; never what was read before that which it took last. */
  apply(read: T): void;
  everyMs: number;
}

/** Those who wait for the same load. */
interface Waiting {
  done: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/** Loads one at a time, but past one that is stuck: older data never replaces newer data. */
export class SerialReload<T> {
  readonly #options: SerialReloadOptions<T>;
  readonly #timer: NodeJS.Timeout;
  readonly #flights = new Flights(() => this.#leave());
  readonly #backoff = new Backoff(RETRIES);
  #waiting: Waiting | undefined;
  #begun = 0;
  /** Which load was applied last, counted as they began. */
  #applied = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: SerialReloadOptions<T>) {
    this.#options = options;
    this.#timer = setInterval(() => this.soon(), options.everyMs).unref();
  }

  /** Resolves when what is applied was read after this call; calls that wait for one load share it. */
  now(): Promise<void> {
    // A load on its way may have read before the change that this caller knows of: only a later one will do.
    this.#waiting ??= newWaiting();
    const { done } = this.#waiting;
    this.#leave();
    return done;
  }

  /** Nobody waits for it; it is tried again until it works. */
  soon(): void {
    this.now().catch(() => {
      if (this.#closed) return;
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.soon(), this.#backoff.nextMs()).unref();
    });
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#retry);
  }

  #leave(): void {
    if (!this.#waiting || this.#flights.count > 0) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    void this.#fly().then(waiting.resolve, waiting.reject);
  }

  async #fly(): Promise<void> {
    const flight = this.#flights.start(1);
    const begun = ++this.#begun;
    let succeeded = false;
    try {
      const read = await this.#options.load();
      succeeded = true;
      this.#backoff.reset();
      if (begun < this.#applied) return;
      this.#applied = begun;
      this.#options.apply(read);
    } finally {
      this.#flights.end(flight, succeeded);
      this.#leave();
    }
  }
}

function newWaiting(): Waiting {
  const ends = {} as Pick<Waiting, 'resolve' | 'reject'>;
  const done = new Promise<void>((resolve, reject) => Object.assign(ends, { resolve, reject }));
  return { done, ...ends };
}
