import type { Patience } from '../../../domain/ports/patience.js';
import { OverloadedError } from '../../../domain/ports/unavailable-error.js';
import { LockedError } from '../driver/failure.js';
import { type InLine, WaitingLine } from '../driver/waiting-line.js';
import type { LockedAccounts } from './locked-accounts.js';
import { isInTime, type Work } from './share-of-patience.js';

/** What asks for a transaction of its own on one account. */
export interface Turn {
  userId: number;
  patience: Patience;
  /** What ends something is taken first, and refused last. */
  work: Work;
}

interface Waiting extends InLine, Turn {
  /** The how many-eth came. */
  arrival: number;
  /** Its account is its already: it met a lock, and waits to try again. */
  isHolding: boolean;
  resolve(isLocked: boolean): void;
}

type Run<T> = (lockTimeoutMs: number) => Promise<T>;

/** A lock is waited for this long with a connection that others could use … */
const FIRST_LOCK_TIMEOUT_MS = 250;
/** … and this long with one of the few for accounts that are known to be locked. */
const LOCK_TIMEOUT_MS = 2_000;
const MAX_WAITING = 1_000;
/** Of the usual time: how much the newest counts. */
const NEWEST = 0.1;
const FIRST_GUESS_MS = 20;

/**
 * Whose turn it is on the slow path. Calls of one account go one after the other, in the order in which they came, so
 * that a busy account's waiters do not hold all connections; and accounts that are locked elsewhere wait at a quarter of
 * the connections, however many they are.
 */
export class Turns {
  readonly #slots: number;
  readonly #slotsForLocked: number;
  readonly #locked: LockedAccounts;
  readonly #line = new WaitingLine<Waiting>(MAX_WAITING);
  /** Accounts with a call that has begun and not ended, and since when. */
  readonly #busy = new Map<number, number>();
  #arrivals = 0;
  #used = 0;
  #usedByLocked = 0;
  #usualMs = FIRST_GUESS_MS;

  constructor(slots: number, locked: LockedAccounts) {
    this.#slots = slots;
    this.#slotsForLocked = Math.max(1, Math.floor(slots / 4));
    this.#locked = locked;
  }

  /** Calls that wait for a transaction, and transactions that are open. */
  get load(): { waiting: number; inFlight: number } {
    return { waiting: this.#line.length, inFlight: this.#used };
  }

  /** Throws OverloadedError where `run` was not begun, LockedError where the account stayed locked. */
  async take<T>(turn: Turn, run: Run<T>): Promise<T> {
    const { userId } = turn;
    this.#refuseExcess(turn);
    const arrival = this.#arrivals++;
    const isLocked = await this.#wait(turn, arrival, false);
    try {
      try {
        return await this.#use(userId, isLocked, run);
      } catch (error) {
        if (isLocked || !(error instanceof LockedError)) throw error;
      }
      return await this.#use(userId, await this.#wait(turn, arrival, true), run);
    } finally {
      this.#busy.delete(userId);
      this.#next();
    }
  }

  #refuseExcess({ userId, work, patience }: Turn): void {
    const waiting = this.#line.length;
    const ownMs = this.#busy.has(userId)
      ? (this.#line.count((entry) => entry.userId === userId) + 1) * this.#turnMs(this.#busy.get(userId))
      : 0;
    const allMs =
      this.#used < this.#slots
        ? 0
        : Math.ceil((waiting + 1) / this.#slots) * this.#turnMs(Math.max(...this.#busy.values()));
    // Those of one account wait for each other only, and keep nobody else waiting.
    const isLate = !isInTime(ownMs, patience, 'ending') || !isInTime(allMs, patience, work);
    if (!isLate && !this.#line.isFull) return;
    throw new OverloadedError(`${waiting} wait, this one for ${Math.round(Math.max(ownMs, allMs))} ms`);
  }

  /** What one takes: as the last ones did, or as long as one that began then has been at it. */
  #turnMs(beganAt = 0): number {
    return Math.max(this.#usualMs, performance.now() - beganAt);
  }

  /** Until a connection is free for it; says whether it is one of those for locked accounts. */
  #wait(turn: Turn, arrival: number, isHolding: boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const entry = { ...turn, arrival, isHolding, resolve, reject };
      if (isHolding) this.#line.pushBack(entry, (other) => other.arrival > arrival);
      else this.#line.push(entry);
      this.#next();
    });
  }

  async #use<T>(userId: number, isLocked: boolean, run: Run<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      const value = await run(isLocked ? LOCK_TIMEOUT_MS : FIRST_LOCK_TIMEOUT_MS);
      this.#usualMs += (performance.now() - startedAt - this.#usualMs) * NEWEST;
      this.#locked.delete(userId);
      return value;
    } catch (error) {
      if (error instanceof LockedError) this.#meetLock(userId, isLocked, error);
      throw error;
    } finally {
      this.#used -= 1;
      if (isLocked) this.#usedByLocked -= 1;
      this.#next();
    }
  }

  /** Those who wait behind it would each wait as long in vain. */
  #meetLock(userId: number, wasWaitedFor: boolean, error: LockedError): void {
    this.#locked.add(userId);
    if (!wasWaitedFor) return;
    for (const entry of this.#line.take((waiting) => waiting.userId === userId)) entry.reject(error);
  }

  #next(): void {
    while (this.#used < this.#slots) {
      const next = this.#pick();
      if (!next) return;
      const isLocked = this.#isLocked(next);
      this.#used += 1;
      if (isLocked) this.#usedByLocked += 1;
      if (!next.isHolding) this.#busy.set(next.userId, performance.now());
      next.resolve(isLocked);
    }
  }

  #pick(): Waiting | undefined {
    const owners = new Set<number>();
    let first: Waiting | undefined;
    let firstEnding: Waiting | undefined;
    this.#line.take((entry) => {
      const isOwners = entry.isHolding || !(this.#busy.has(entry.userId) || owners.has(entry.userId));
      owners.add(entry.userId);
      if (!isOwners || (this.#isLocked(entry) && this.#usedByLocked >= this.#slotsForLocked)) return false;
      first ??= entry;
      if (entry.work === 'ending') firstEnding ??= entry;
      return false;
    });
    const picked = firstEnding ?? first;
    if (picked) this.#line.take((entry) => entry === picked);
    return picked;
  }

  #isLocked({ isHolding, userId }: Waiting): boolean {
    return isHolding || this.#locked.has(userId);
  }
}
