import type { Bus, BusEvent } from '../../domain/ports/bus.js';

/** For a service that is alone: its listeners are all there are. */
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
