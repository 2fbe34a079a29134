import type { PolicyCount } from '../../domain/limits/limit-decision.js';
import type { CheckKey } from './check-key.js';

/** How many records all logs of one cache hold. */
export interface RecordMeter {
  records: number;
}

/** A longer log is thinned, as in take.lua. */
const MAX_RECORDS = 4096;
/** time, cost, operation, check id, copies: plain numbers in one array, which V8 keeps unboxed (40 bytes a record). */
const STRIDE = 5;
const TIME = 0;
const COST = 1;
const OPERATION = 2;
const ID = 3;
/** Of one check sent several times: how many stand on the record besides the first. */
const COPIES = 4;

/** What one user was admitted, in the order of time, independent of any policy. The same rules as take.lua. */
export class RequestLog {
  /** The shared store's running total as last seen, where this log shadows one. */
  knownTotal = 0;
  /** Until then (ms) this log holds admissions that the shared store does not. */
  aloneUntil = 0;
  #records: number[] = [];
  /** Where the live records begin in the array: cutting the front at every call would move all of it. */
  #start = 0;
  readonly #meter: RecordMeter;

  constructor(meter: RecordMeter) {
    this.#meter = meter;
  }

  /** 0 where nothing is logged. */
  get newestAt(): number {
    return this.#at(this.#records.length - STRIDE, TIME);
  }

  get isEmpty(): boolean {
    return this.#start === this.#records.length;
  }

  /** Forgets what is not newer than `time`. */
  dropUntil(time: number): void {
    const end = this.#records.length;
    let start = this.#start;
    while (start < end && this.#at(start, TIME) <= time) start += STRIDE;
    this.#meter.records -= (start - this.#start) / STRIDE;
    this.#start = start;
    if (start === end) this.#records.length = this.#start = 0;
    else if (start * 2 > end) this.#replace(this.#records.slice(start));
  }

  append(time: number, cost: number, key: CheckKey): void {
    if (this.#records.length - this.#start >= MAX_RECORDS * STRIDE) this.#thin();
    this.#records.push(time, cost, key.operation, checkNumber(key), 0);
    this.#meter.records += 1;
  }

  /** When the check was counted, if newer than `after`; 0 if it is not in the log. */
  timeOf(key: CheckKey, after: number): number {
    const index = this.#find(key, after);
    return index < 0 ? 0 : this.#at(index, TIME);
  }

  /** One more copy stands on the check's count. Returns its time as `timeOf` does. */
  join(key: CheckKey, after: number): number {
    const index = this.#find(key, after);
    if (index < 0) return 0;
    this.#records[index + COPIES] = this.#at(index, COPIES) + 1;
    return this.#at(index, TIME);
  }

  /** One copy less on the count of that time; with the last one the record goes. */
  leave(key: CheckKey, countedAt: number): void {
    const index = this.#find(key, countedAt - 1);
    if (index < 0 || this.#at(index, TIME) !== countedAt) return;
    const others = this.#at(index, COPIES);
    if (others > 0) this.#records[index + COPIES] = others - 1;
    else this.#removeAt(index);
  }

  /** False where the check is not in the log, newer than `after`. */
  remove(key: CheckKey, after: number): boolean {
    const index = this.#find(key, after);
    if (index < 0) return false;
    this.#removeAt(index);
    return true;
  }

  /**
   * One window: what is newer than `after`, of `operation` or, with null, of all. `room` is the most that may be
   * counted already if the request is to be admitted.
   */
  count(operation: number | null, after: number, windowMs: number, room: number): PolicyCount {
    let used = 0;
    let newestAt = 0;
    let nextAt = 0;
    for (let i = this.#records.length - STRIDE; i >= this.#start; i -= STRIDE) {
      const time = this.#at(i, TIME);
      if (time <= after) break;
      if (operation !== null && this.#at(i, OPERATION) !== operation) continue;
      if (newestAt === 0) newestAt = time;
      // Denied: the record whose leaving makes room. Admitted (or never to be): the oldest.
      if (room < 0 || used <= room) nextAt = time + windowMs;
      used += this.#at(i, COST);
    }
    return { used, newestAt, nextAt };
  }

  /** Gives its records back to the meter. */
  clear(): void {
    this.#meter.records -= (this.#records.length - this.#start) / STRIDE;
    this.#replace([]);
  }

  #at(index: number, field: number): number {
    return this.#records[index + field] ?? 0;
  }

  #find(key: CheckKey, after: number): number {
    const id = checkNumber(key);
    for (let i = this.#records.length - STRIDE; i >= this.#start; i -= STRIDE) {
      if (this.#at(i, TIME) <= after) return -1;
      if (this.#at(i, ID) === id && this.#at(i, OPERATION) === key.operation) return i;
    }
    return -1;
  }

  #removeAt(index: number): void {
    this.#records.splice(index, STRIDE);
    this.#meter.records -= 1;
  }

  #replace(records: number[]): void {
    this.#records = records;
    this.#start = 0;
  }

  /** Merges the older half's records of one operation two by two at the time of the newer: never admits too many. */
  #thin(): void {
    const size = (this.#records.length - this.#start) / STRIDE;
    const half = this.#start + Math.floor(size / 2) * STRIDE;
    const waiting = new Map<number, number>();
    const kept: number[] = [];
    for (let i = this.#start; i < half; i += STRIDE) {
      const operation = this.#at(i, OPERATION);
      const older = waiting.get(operation);
      if (older === undefined) {
        waiting.set(operation, i);
        continue;
      }
      waiting.delete(operation);
      kept.push(this.#at(i, TIME), this.#at(i, COST) + this.#at(older, COST), operation, 0, 0);
    }
    // A last record without a partner stays as it is, at its own place in time.
    for (const i of waiting.values()) kept.push(...this.#records.slice(i, i + STRIDE));
    const sorted = waiting.size === 0 ? kept : sortByTime(kept);
    this.#meter.records -= (half - this.#start - sorted.length) / STRIDE;
    this.#replace(sorted.concat(this.#records.slice(half)));
  }
}

/** 53 of the 56 bits, so that one number holds them. */
function checkNumber(key: CheckKey): number {
  return key.high * 2 ** 29 + (key.low >>> 3);
}

function sortByTime(records: number[]): number[] {
  const rows: number[][] = [];
  for (let i = 0; i < records.length; i += STRIDE) rows.push(records.slice(i, i + STRIDE));
  return rows.sort((a, b) => (a[TIME] as number) - (b[TIME] as number)).flat();
}
