import type { Bus, BusEvent } from '../../domain/ports/bus.js';

/** For a lone instance: there are no listeners but its own. */
export class MemoryBus implements Bus {
  readonly #listeners: ((event: BusEvent) => void)[] = [];

  publish(event: BusEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  subscribe(listener: (event: BusEvent) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {}
}
