/** After a failed reload: what was missed may be known to others already. */
const RETRY_MS = 1_000;

/** Runs of one process follow each other, so that an older picture never replaces a newer one. */
export class SerialReload {
  readonly #load: () => Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(load: () => Promise<void>, everyMs: number) {
    this.#load = load;
    this.#timer = setInterval(() => this.soon(), everyMs).unref();
  }

  /** Resolves when a run that began after this call has ended; calls that wait for one share it. */
  now(): Promise<void> {
    if (this.#next) return this.#next;
    if (!this.#running) return this.#run();
    // The one that runs may have read before the change its caller knows of: only a later one will do.
    const next = this.#running.catch(() => undefined).then(() => this.#run());
    this.#next = next;
    return next;
  }

  /** Without an answer; tried again until it works. */
  soon(): void {
    this.now().catch(() => {
      if (this.#closed) return;
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.soon(), RETRY_MS).unref();
    });
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#retry);
  }

  #run(): Promise<void> {
    this.#next = undefined;
    const run = this.#load().finally(() => {
      this.#running = undefined;
    });
    this.#running = run;
    return run;
  }
}
