/** The one source of time. Everything that compares or stores a time gets it from here, also SQL and Lua. */
export interface Clock {
  /** Milliseconds since the Unix epoch, an integer. */
  now(): number;
}

/** How far a machine's clock may be from the time that counts before somebody is told. */
const OFF_MS = 1_000;

/**
 * A raw source, corrected by what was measured against the time that all instances share, plus the offset that
 * `POST /test-clock` moves, 0 outside tests. Never steps back within a process: a time that was given has been stored
 * and compared, so after a correction backwards it stands still until the right time has caught up.
 */
export class OffsetClock implements Clock {
  /** The test clock's; it only grows. */
  offsetMs = 0;
  readonly #wall: () => number;
  readonly #raw: () => number;
  #correctionMs: number | undefined;
  #latest = Number.NEGATIVE_INFINITY;

  /** `wall`: the machine's clock. `raw`: what this one goes by, if not that; see `steadyTime`. */
  constructor(wall: () => number = Date.now, raw: () => number = wall) {
    this.#wall = wall;
    this.#raw = raw;
  }

  now(): number {
    this.#latest = Math.max(this.#latest, this.#raw() + this.correctionMs + this.offsetMs);
    return this.#latest;
  }

  /** The source as it is, to be measured. */
  raw(): number {
    return this.#raw();
  }

  get correctionMs(): number {
    return this.#correctionMs ?? 0;
  }

  /** Whole ms. The first one may step back: it comes before anything is served. */
  correct(correctionMs: number): void {
    if (this.#correctionMs === undefined) this.#latest = Number.NEGATIVE_INFINITY;
    this.#correctionMs = correctionMs;
  }

  /** How far the machine's clock is behind the time that counts; negative: ahead. */
  behindMs(): number {
    return this.#raw() + this.correctionMs - this.#wall();
  }

  /** Whether the machine's clock is off so far that somebody should mend it. Nothing here goes by it. */
  isOff(): boolean {
    return Math.abs(this.behindMs()) > OFF_MS;
  }
}

/** The time at the start and what has passed since: it does not jump when somebody sets the machine's clock. */
export function steadyTime(wall: () => number = Date.now): () => number {
  const startedAt = wall() - performance.now();
  return () => Math.floor(startedAt + performance.now());
}
