import { nextPartition } from '../domain/keeping/next-partition.js';
import type { Clock } from '../domain/ports/clock.js';
import type { LedgerRoom } from '../domain/ports/ledger-room.js';

/** At 40,000 entries a second a fifth of the smallest partition. */
const EVERY_MS = 5_000;
/** A service that has become much busier gets the rest with the next run. */
const MOST_AT_ONCE = 4;

/** Makes the ledger's partitions before they are needed. */
export class MakeRoom {
  readonly #room: LedgerRoom;
  readonly #clock: Clock;
  readonly #nowMs: () => number;
  #nextAtMs = Number.NEGATIVE_INFINITY;
  /** For how many entries there is a place; null: not known yet. */
  left: number | null = null;

  constructor(room: LedgerRoom, clock: Clock, nowMs: () => number) {
    this.#room = room;
    this.#clock = clock;
    this.#nowMs = nowMs;
  }

  async runOnce(): Promise<void> {
    if (this.#nowMs() < this.#nextAtMs) return;
    for (let made = 0; ; made++) {
      const room = await this.#room.look();
      this.left = room.end - room.drawn;
      const size = nextPartition(room, this.#clock.now());
      if (size === null || made === MOST_AT_ONCE) break;
      await this.#room.add(room.end, size);
    }
    this.#nextAtMs = this.#nowMs() + EVERY_MS;
  }
}
