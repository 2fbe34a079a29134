import { patienceOf } from '../../../domain/ports/patience.js';
import { OverloadedError } from '../../../domain/ports/unavailable-error.js';
import type { UserProfile } from '../../../domain/users/user.js';
import { LockedError } from '../driver/failure.js';
import { Flights } from '../driver/flights.js';
import { type InLine, WaitingLine } from '../driver/waiting-line.js';
import type { ProfileCache } from './profile-cache.js';

/** What one round asks of the database; of `find`, those in `create` are created if they are missing. */
export interface ProfileSource {
  find(references: readonly string[]): Promise<Map<string, UserProfile>>;
  create(references: readonly string[]): Promise<Map<string, UserProfile>>;
}

export type Found = UserProfile & { created: boolean };

interface Ticket extends InLine {
  reference: string;
  create: boolean;
  resolve(found: Found | null): void;
}

interface Answer {
  found: Map<string, UserProfile>;
  made: Set<string>;
  /** Those that somebody else is making, and does not finish. */
  locked: Map<string, LockedError>;
}

/** Bounds a statement's arrays; more wait for the next round. */
const ROUND_SIZE = 500;
const MAX_WAITING = 10_000;
/** As long as anybody waits for an answer over HTTP. */
const PATIENCE_MS = 4_000;

/**
 * Gathers the cache misses that arrive while a statement is in flight, and sends them as one. A lone one never waits. A
 * call never joins a round that was sent before it: that round may read data older than a change the caller knows of.
 */
export class ProfileLoader {
  readonly #source: ProfileSource;
  readonly #cache: Pick<ProfileCache, 'get' | 'set'>;
  readonly #line = new WaitingLine<Ticket>(MAX_WAITING);
  readonly #flights = new Flights(() => this.#leave());
  /** Of each round in flight: users that changed while it read; 'all' = forget the whole round. */
  readonly #changes = new Set<Set<number | 'all'>>();
  #isScheduled = false;

  constructor(source: ProfileSource, cache: Pick<ProfileCache, 'get' | 'set'>) {
    this.#source = source;
    this.#cache = cache;
  }

  load(reference: string, create: boolean): Promise<Found | null> {
    return new Promise((resolve, reject) => {
      if (this.#line.isFull) {
        reject(new OverloadedError('too many users are looked up'));
        return;
      }
      this.#line.push({ reference, create, patience: patienceOf(PATIENCE_MS), resolve, reject });
      this.#leave();
    });
  }

  /** What a round in flight reads of this user must not be kept: it may be older than the change. */
  changed(userId: number | 'all'): void {
    for (const changed of this.#changes) changed.add(userId);
  }

  /** One round at a time, but past one that is stuck. Calls of the same turn of the event loop go together. */
  #leave(): void {
    if (this.#isScheduled || this.#flights.count > 0 || this.#line.length === 0) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      let size = 0;
      const round = this.#line.take(() => size++ < ROUND_SIZE).filter((ticket) => !this.#known(ticket));
      if (round.length > 0) void this.#fly(round);
      else this.#leave();
    });
  }

  async #fly(round: readonly Ticket[]): Promise<void> {
    const flight = this.#flights.start(round.length);
    const changed = new Set<number | 'all'>();
    this.#changes.add(changed);
    let answered = false;
    try {
      this.#land(round, await this.#ask(round), changed);
      answered = true;
    } catch (error) {
      for (const ticket of round) ticket.reject(error);
    }
    this.#changes.delete(changed);
    this.#flights.end(flight, answered);
    this.#leave();
  }

  /** The round before may have brought what this ticket waited to ask for. */
  #known(ticket: Ticket): boolean {
    const profile = this.#cache.get(ticket.reference);
    if (profile) ticket.resolve({ ...profile, created: false });
    return profile !== undefined;
  }

  async #ask(round: readonly Ticket[]): Promise<Answer> {
    const found = await this.#source.find([...new Set(round.map((ticket) => ticket.reference))]);
    const missing = new Set(
      round
        .filter((ticket) => ticket.create && !found.has(ticket.reference))
        .map((ticket) => ticket.reference),
    );
    if (missing.size === 0) return { found, made: missing, locked: new Map() };
    const { made, locked } = await this.#create([...missing]);
    for (const [reference, profile] of made) found.set(reference, profile);
    for (const reference of [...made.keys(), ...locked.keys()]) missing.delete(reference);
    // Another instance made these between our two statements; they are committed now, and a third one sees them.
    if (missing.size > 0) {
      for (const [reference, profile] of await this.#source.find([...missing])) found.set(reference, profile);
    }
    return { found, made: new Set(made.keys()), locked };
  }

  /** Where somebody else has begun to make one of them and stands still, each is made alone. */
  async #create(references: string[]): Promise<{ made: Map<string, UserProfile>; locked: Answer['locked'] }> {
    const made = new Map<string, UserProfile>();
    const locked = new Map<string, LockedError>();
    const create = async (some: string[]) => {
      for (const [reference, profile] of await this.#source.create(some)) made.set(reference, profile);
    };
    try {
      await create(references);
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
      for (const reference of references) {
        await create([reference]).catch((alone) => {
          if (!(alone instanceof LockedError)) throw alone;
          locked.set(reference, alone);
        });
      }
    }
    return { made, locked };
  }

  #land(
    round: readonly Ticket[],
    { found, made, locked }: Answer,
    changed: ReadonlySet<number | 'all'>,
  ): void {
    for (const [reference, profile] of found) {
      if (!changed.has(profile.userId) && !changed.has('all')) this.#cache.set(reference, profile);
    }
    for (const ticket of round) {
      const profile = found.get(ticket.reference);
      // The first caller that asked for a user is the one who made it.
      const created = ticket.create && made.delete(ticket.reference);
      if (profile) ticket.resolve({ ...profile, created });
      else if (ticket.create) {
        ticket.reject(locked.get(ticket.reference) ?? new Error('a user was neither found nor made'));
      } else ticket.resolve(null);
    }
  }
}
