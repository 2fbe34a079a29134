import type { Clock } from '../ports/clock.js';
import type { EventKeeper, LimitHit } from '../ports/event-keeper.js';
import type { LimitDecision } from '../ports/limit-store.js';

const HOUR_MS = 60 * 60 * 1000;
const GATHER_MS = 1_000;
/** What is beyond is noted when the user meets the limit again. */
const MAX_WAITING = 10_000;
const MAX_KNOWN = 50_000;

/**
 * Who met a limit. The check that says so waits for nothing: what is to be told is gathered, and written a second later.
 * What was told lately is remembered, so that a user who hammers at a limit costs one look into a map.
 */
export class LimitHits {
  readonly #keeper: Pick<EventKeeper, 'tellHits'>;
  readonly #clock: Clock;
  #waiting = new Map<string, LimitHit>();
  /** When each was last given to the store. */
  readonly #known = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(keeper: Pick<EventKeeper, 'tellHits'>, clock: Clock) {
    this.#keeper = keeper;
    this.#clock = clock;
  }

  note(userId: number, operation: string, { policies }: Pick<LimitDecision, 'policies'>): void {
    const key = `${userId} ${operation}`;
    const at = this.#clock.now();
    const knownAt = this.#known.get(key);
    if (knownAt !== undefined && at - knownAt < HOUR_MS) return;
    if (this.#waiting.has(key) || this.#waiting.size >= MAX_WAITING) return;
    const policy = policies.find(({ remaining }) => remaining === 0) ?? policies[0] ?? null;
    this.#waiting.set(key, { userId, operation, at, policy });
    this.#timer ??= setTimeout(() => void this.write(), GATHER_MS).unref();
  }

  /** Writes what waits; a failure is no loss that lasts, for the next hit is noted again. */
  async write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const hits = [...this.#waiting];
    this.#waiting = new Map();
    if (hits.length === 0) return;
    try {
      await this.#keeper.tellHits(hits.map(([, hit]) => hit));
      for (const [key, { at }] of hits) this.#remember(key, at);
    } catch {
      // The database is away, which others tell.
    }
  }

  #remember(key: string, at: number): void {
    this.#known.delete(key);
    this.#known.set(key, at);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}
