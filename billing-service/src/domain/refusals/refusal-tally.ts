import type { Clock } from '../ports/clock.js';
import {
  COUNTED_REFUSALS,
  type CountedRefusal,
  type RefusalCount,
  type RefusalStore,
} from '../ports/refusal-store.js';
import type { Refusal } from '../refusal.js';

const HOUR_MS = 60 * 60 * 1000;
/** So much is lost with a process at most. */
const WRITE_EVERY_MS = 3_000;
/** Users × operations × codes between two writes; what is beyond is only counted as such. */
const MAX_WAITING = 20_000;

const isCounted = (kind: Refusal['kind']): kind is CountedRefusal =>
  (COUNTED_REFUSALS as readonly string[]).includes(kind);

/**
 * Who is refused what. A call that is refused waits for nothing: it counts in memory, and what was counted is written
 * every few seconds. What could not be written is tried again with the next.
 */
export class RefusalTally {
  readonly #store: Pick<RefusalStore, 'add'>;
  readonly #clock: Clock;
  #waiting = new Map<string, RefusalCount>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** Since the start, for the figures. `uncounted`: refusals of which nobody will learn whose they were. */
  readonly totals: Record<CountedRefusal | 'uncounted', number> = {
    ...{ rate_limited: 0, insufficient_tokens: 0, user_blocked: 0, too_many_open_reservations: 0 },
    uncounted: 0,
  };

  constructor(store: Pick<RefusalStore, 'add'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Only of the kinds that are counted; others are faults of the caller. */
  note(userId: number, operation: string, { kind }: Pick<Refusal, 'kind'>): void {
    if (!isCounted(kind)) return;
    this.totals[kind] += 1;
    const now = this.#clock.now();
    this.#count({ hour: now - (now % HOUR_MS), userId, operation, kind, count: 1 });
    this.#timer ??= setTimeout(() => void this.write(), WRITE_EVERY_MS).unref();
  }

  /** Writes what waits; at the end of the process, too. */
  write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const counts = [...this.#waiting.values()];
    this.#waiting = new Map();
    if (counts.length === 0) return;
    try {
      await this.#store.add(counts);
    } catch {
      // The database is away, which others tell.
      for (const count of counts) this.#count(count);
      this.#timer ??= setTimeout(() => void this.write(), WRITE_EVERY_MS).unref();
    }
  }

  #count(counted: RefusalCount): void {
    const { hour, userId, operation, kind, count } = counted;
    const key = `${hour} ${userId} ${kind} ${operation}`;
    const present = this.#waiting.get(key);
    if (present) present.count += count;
    else if (this.#waiting.size < MAX_WAITING) this.#waiting.set(key, { ...counted });
    else this.totals.uncounted += count;
  }
}
