import { type RecordMeter, RequestLog } from './request-log.js';

/** What a cache may hold: about 350 bytes a log and 32 a record. */
export interface LogCacheBounds {
  maxLogs: number;
  maxRecords: number;
}

/** The logs of all users in this process, the longest untouched first.
 *
 * Bounded: beyond a bound the log that was touched longest ago goes. While it is dead (its newest record older than any
 * window) nothing is lost, and two dead ones go for every new one, so a cache is full only where more users than that
 * act within one window. Then a live log goes, its user may be admitted up to his limit once more, and `onLoss` is told:
 * refusing everybody new would turn a full memory into an outage, and growing on would end the process. */
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

  /** The user's log, made where there is none, and marked as touched. */
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
