import type { Bus, BusEvent } from '../../src/domain/ports/bus.js';

/** The bus of one process; `sent` is what others would have heard. */
export class LocalBus implements Bus {
  readonly sent: BusEvent[] = [];
  readonly #listeners: ((event: BusEvent) => void)[] = [];

  publish(event: BusEvent): void {
    this.sent.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  subscribe(listener: (event: BusEvent) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {}
}
