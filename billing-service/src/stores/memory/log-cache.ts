import { type RecordMeter, RequestLog } from './request-log.js';

/** The bounds of a cache. A log takes about 350 bytes, a record 40. */
export interface LogCacheBounds {
  maxLogs: number;
  maxRecords: number;
}

/**
 * The logs of all users in this process, the least recently used first.
 *
 * Each new log clears away up to two dead ones: logs whose records are all older than any window. So the cache fills up
 * only when too many users act within one window. When a bound is reached, the least recently used log is dropped. If
 * it is not dead, its user may use the limit once more, and `onLoss` is called. The alternatives are worse: to refuse
 * all new users is an outage, and to keep growing ends the process.
 */
export class LogCache {
  readonly #logs = new Map<number, RequestLog>();
  readonly #meter: RecordMeter = { records: 0 };
  readonly #bounds: LogCacheBounds;
  readonly #onLoss: () => void;

  constructor(bounds: LogCacheBounds, onLoss: () => void = () => {}) {
    this.#bounds = bounds;
    this.#onLoss = onLoss;
  }

  get size(): number {
    return this.#logs.size;
  }

  find(userId: number): RequestLog | undefined {
    return this.#logs.get(userId);
  }

  /** The user's log, marked as just used; a new one if there is none. */
  open(userId: number, nowMs: number, retainMs: number): RequestLog {
    let log = this.#logs.get(userId);
    if (log === undefined) {
      this.#makeRoom(nowMs - retainMs);
      log = new RequestLog(this.#meter);
    } else {
      this.#logs.delete(userId);
    }
    this.#logs.set(userId, log);
    return log;
  }

  #makeRoom(deadUntil: number): void {
    let spared = 2;
    for (const [userId, log] of this.#logs) {
      const full = this.#logs.size >= this.#bounds.maxLogs || this.#meter.records >= this.#bounds.maxRecords;
      const dead = log.newestAt <= deadUntil;
      if (!full && (!dead || spared-- === 0)) return;
      if (!dead) this.#onLoss();
      log.clear();
      this.#logs.delete(userId);
    }
  }
}
