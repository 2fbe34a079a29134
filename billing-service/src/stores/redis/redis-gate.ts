import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { UnavailableError } from '../../domain/ports/unavailable-error.js';

/** A slower Redis counts as down, as the contract says. */
const DEADLINE_MS = 50;
/** After this long without an answer to a probe, the connection is replaced. */
const PROBE_MS = 1000;
const PROBE_PAUSE_MS = 20;

interface Waiting {
  dueAt: number;
  settled: boolean;
  fail(): void;
}

/**
 * Lets commands through while Redis answers in time, and stops them at once while it does not, so that a hanging server
 * costs 50 ms once and not at every request. Shut, it sends PINGs and opens when one is answered.
 */
export class RedisGate {
  readonly #redis: Redis;
  readonly #deadlineMs: number;
  /** In the order of their deadlines: one timer watches the first, which is cheaper than one timer a command. */
  #waiting: Waiting[] = [];
  #first = 0;
  #timer: NodeJS.Timeout | undefined;
  #open = true;
  #closed = false;

  constructor(redis: Redis, deadlineMs = DEADLINE_MS) {
    this.#redis = redis;
    this.#deadlineMs = deadlineMs;
  }

  get isOpen(): boolean {
    return this.#open && this.#redis.status === 'ready';
  }

  /** Rejects with UnavailableError when the answer is late or the gate is shut; otherwise ends as `send` does. */
  run<T>(send: () => Promise<T>): Promise<T> {
    if (!this.isOpen) return Promise.reject(new UnavailableError('Redis is not answering'));
    return this.#inTime(send);
  }

  #inTime<T>(send: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting = {
        dueAt: performance.now() + this.#deadlineMs,
        settled: false,
        fail: () => reject(new UnavailableError('Redis did not answer in time')),
      };
      this.#waiting.push(waiting);
      this.#watch();
      send().then(
        (value) => {
          waiting.settled = true;
          resolve(value);
        },
        (error) => {
          waiting.settled = true;
          reject(error);
        },
      );
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #watch(): void {
    if (this.#timer !== undefined) return;
    this.#skipSettled();
    const head = this.#waiting[this.#first];
    if (head === undefined) return;
    this.#timer = setTimeout(
      // It may be this process that is late. After a busy turn timers run before the sockets are read: one round later
      // the answers that had arrived are read, and only what is still missing is Redis' fault.
      () => setImmediate(() => this.#expire()),
      Math.max(0, head.dueAt - performance.now()),
    );
    this.#timer.unref();
  }

  #expire(): void {
    this.#timer = undefined;
    const now = performance.now();
    let late = false;
    for (;;) {
      this.#skipSettled();
      const head = this.#waiting[this.#first];
      if (head === undefined || head.dueAt > now) break;
      late = true;
      head.settled = true;
      head.fail();
    }
    if (late) this.#shut();
    this.#watch();
  }

  #skipSettled(): void {
    while (this.#waiting[this.#first]?.settled) this.#first += 1;
    if (this.#first === this.#waiting.length) this.#waiting = [];
    else if (this.#first > 1024) this.#waiting = this.#waiting.slice(this.#first);
    else return;
    this.#first = 0;
  }

  #shut(): void {
    if (!this.#open) return;
    this.#open = false;
    void this.#probe();
  }

  /**
   * Asks until there is an answer in time. A connection that gave none for PROBE_MS is given up: it may be dead without
   * either end having been told.
   */
  async #probe(): Promise<void> {
    let since = performance.now();
    while (!this.#open && !this.#closed) {
      // Judged like commands: by the clock alone, a busy process would shut itself off from Redis while it is busy.
      const isInTime = await this.#inTime(() => this.#redis.ping()).then(
        () => true,
        () => false,
      );
      if (isInTime) this.#open = true;
      else await sleep(PROBE_PAUSE_MS, undefined, { ref: false });
      if (this.#redis.status !== 'ready') since = performance.now();
      else if (performance.now() - since > PROBE_MS && !this.#open) {
        this.#redis.disconnect(true);
        since = performance.now();
      }
    }
  }
}
