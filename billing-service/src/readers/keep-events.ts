import { EVENTS_KEPT_MS } from '../domain/events/event.js';
import type { Clock } from '../domain/ports/clock.js';
import type { EventKeeper } from '../domain/ports/event-keeper.js';

export interface KeepEventsOptions {
  keeper: EventKeeper;
  clock: Clock;
  onError(error: unknown): void;
}

const PAUSE_MS = 2_000;
const DROP_EVERY_MS = 60 * 60 * 1000;
/** Some 40 ms of the database's time. */
const PAGE = 5_000;

/** Tells what ends soon, and drops what is too old, a page a turn. Any number of instances may run it. */
export class KeepEvents {
  readonly #options: KeepEventsOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;
  #dropAt = 0;

  constructor(options: KeepEventsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.runOnce()
        .catch((error) => this.#options.onError(error))
        .finally(() => !this.#stopped && this.start());
    }, PAUSE_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async runOnce(): Promise<void> {
    const { keeper, clock } = this.#options;
    const now = clock.now();
    await keeper.tellAhead(now);
    if (now < this.#dropAt) return;
    const isMore = await keeper.drop(now - EVENTS_KEPT_MS, PAGE);
    this.#dropAt = isMore ? 0 : now + DROP_EVERY_MS;
  }
}
