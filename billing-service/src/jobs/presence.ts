import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { LRUCache } from 'lru-cache';
import type { Bus } from '../domain/ports/bus.js';
import type { Clock } from '../domain/ports/clock.js';
import type { InstanceSeen, Instances } from '../domain/ports/instances.js';

const SAY_EVERY_MS = 10_000;
/** Who was not heard three times is gone. */
const FORGET_AFTER_MS = 35_000;
const MAX_KNOWN = 200;

/**
 * Says over the bus that this instance is there, and keeps who else does. Nothing is stored: who comes up hears of the
 * others within ten seconds, and nobody has to clear away after one that was killed.
 */
export class Presence implements Instances {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #self: Omit<InstanceSeen, 'seenAt'>;
  readonly #others = new LRUCache<string, InstanceSeen>({ max: MAX_KNOWN, ttl: FORGET_AFTER_MS });
  #timer: NodeJS.Timeout | undefined;

  constructor({ bus, clock, version }: { bus: Bus; clock: Clock; version: string }) {
    this.#bus = bus;
    this.#clock = clock;
    this.#self = { id: randomUUID(), host: hostname(), version, startedAt: clock.now() };
    bus.subscribe((event) => {
      if (event.kind !== 'instance' || event.id === this.#self.id) return;
      const { id, host, version: its, startedAt } = event;
      this.#others.set(id, { id, host, version: its, startedAt, seenAt: clock.now() });
    });
  }

  start(): void {
    this.#say();
    this.#timer = setInterval(() => this.#say(), SAY_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
  }

  seen(): InstanceSeen[] {
    this.#others.purgeStale();
    return [{ ...this.#self, seenAt: this.#clock.now() }, ...this.#others.values()];
  }

  #say(): void {
    this.#bus.publish({ kind: 'instance', ...this.#self });
  }
}
