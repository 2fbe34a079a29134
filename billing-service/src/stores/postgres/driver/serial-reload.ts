import { Backoff } from '../../../../../common/src/backoff.js';

/** Short, since others may know already what this process missed. */
const RETRIES = { firstMs: 250, longestMs: 1_000 };

/** Reloads one at a time, so that older data never replaces newer data. */
export class SerialReload {
  readonly #load: () => Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  readonly #backoff = new Backoff(RETRIES);
  #closed = false;

  constructor(load: () => Promise<void>, everyMs: number) {
    this.#load = load;
    this.#timer = setInterval(() => this.soon(), everyMs).unref();
  }

  /** Resolves when a run that began after this call has ended; calls that wait for one share it. */
  now(): Promise<void> {
    if (this.#next) return this.#next;
    if (!this.#running) return this.#run();
    // The present run may have read before the change that this caller knows of: only a later run will do.
    const next = this.#running.catch(() => undefined).then(() => this.#run());
    this.#next = next;
    return next;
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

  #run(): Promise<void> {
    this.#next = undefined;
    const run = this.#load()
      .then(() => this.#backoff.reset())
      .finally(() => {
        this.#running = undefined;
      });
    this.#running = run;
    return run;
  }
}
