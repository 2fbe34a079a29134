import { type RecordMeter, RequestLog } from './request-log.js';

/** The bounds of a cache. A log takes about 350 bytes, a record 40. */
export interface LogCacheBounds {
  maxLogs: number;
  maxRecords: number;
}

/**
 * By number, and those with a number below 0 by themselves: a user's wrong codes (domain/promo) are kept for longer than
 * requests, and would stand before dead logs that could be cleared away.
 */
type Lines = [Map<number, RequestLog>, Map<number, RequestLog>];

/**
 * The logs of all users in this process, the least recently used first.
 *
 * Each new log clears away up to two dead ones: logs whose records are all older than any window. So the cache fills up
 * only when too many users act within one window. When a bound is reached, the least recently used log is dropped. If
 * it is not dead, its user may use the limit once more, and `onLoss` is called. The alternatives are worse: to refuse
 * all new users is an outage, and to keep growing ends the process.
 */
export class LogCache {
  readonly #logs: Lines = [new Map(), new Map()];
  readonly #meter: RecordMeter = { records: 0 };
  readonly #bounds: LogCacheBounds;
  readonly #onLoss: () => void;

  constructor(bounds: LogCacheBounds, onLoss: () => void = () => {}) {
    this.#bounds = bounds;
    this.#onLoss = onLoss;
  }

  get size(): number {
    return this.#logs[0].size + this.#logs[1].size;
  }

  find(userId: number): RequestLog | undefined {
    return this.#lineOf(userId).get(userId);
  }

  /** The user's log, marked as just used; a new one if there is none. */
  open(userId: number, nowMs: number, retainMs: number): RequestLog {
    const line = this.#lineOf(userId);
    let log = line.get(userId);
    if (log === undefined) {
      this.#makeRoom(line, nowMs - retainMs);
      log = new RequestLog(this.#meter);
    } else {
      line.delete(userId);
    }
    line.set(userId, log);
    return log;
  }

  #lineOf(userId: number): Map<number, RequestLog> {
    return this.#logs[userId < 0 ? 1 : 0];
  }

  #makeRoom(line: Map<number, RequestLog>, deadUntil: number): void {
    let spared = 2;
    for (const [userId, log] of line) {
      const full = line.size >= this.#bounds.maxLogs || this.#meter.records >= this.#bounds.maxRecords;
      const dead = log.newestAt <= deadUntil;
      if (!full && (!dead || spared-- === 0)) return;
      if (!dead) this.#onLoss();
      log.clear();
      line.delete(userId);
    }
  }
}
