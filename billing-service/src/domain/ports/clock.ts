/** The one source of time. Everything that compares or stores a time gets it from here, also SQL and Lua. */
export interface Clock {
  /** Milliseconds since the Unix epoch, an integer. */
  now(): number;
}

/** The machine's clock plus an offset that `POST /test-clock` moves; the offset stays 0 outside tests. */
export class OffsetClock implements Clock {
  offsetMs = 0;

  now(): number {
    return Date.now() + this.offsetMs;
  }
}
