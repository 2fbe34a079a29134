import type { UserProfile } from '../../../domain/users/user.js';
import type { ProfileCache } from './profile-cache.js';

/** What one round asks of the database; of `find`, those in `create` are created if they are missing. */
export interface ProfileSource {
  find(references: readonly string[]): Promise<Map<string, UserProfile>>;
  create(references: readonly string[]): Promise<Map<string, UserProfile>>;
}

export type Found = UserProfile & { created: boolean };

interface Ticket {
  reference: string;
  create: boolean;
  resolve(found: Found | null): void;
  reject(error: unknown): void;
}

/** Bounds a statement's arrays; more wait for the next round. */
const ROUND_SIZE = 500;

/**
 * Gathers the cache misses that arrive while a statement is in flight, and sends them as one. A lone one never waits. A
 * call never joins a round that was sent before it: that round may read data older than a change the caller knows of.
 */
export class ProfileLoader {
  readonly #source: ProfileSource;
  readonly #cache: Pick<ProfileCache, 'get' | 'set'>;
  #waiting: Ticket[] = [];
  #flying = false;
  /** Users that changed while the round in flight read; 'all' = forget the whole round. */
  #changed: Set<number | 'all'> = new Set();

  constructor(source: ProfileSource, cache: Pick<ProfileCache, 'get' | 'set'>) {
    this.#source = source;
    this.#cache = cache;
  }

  load(reference: string, create: boolean): Promise<Found | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ reference, create, resolve, reject });
      if (!this.#flying) void this.#fly();
    });
  }

  /** What the round in flight reads of this user must not be kept: it may be older than the change. */
  changed(userId: number | 'all'): void {
    if (this.#flying) this.#changed.add(userId);
  }

  async #fly(): Promise<void> {
    this.#flying = true;
    // Calls of the same turn of the event loop go together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const round = this.#waiting.splice(0, ROUND_SIZE).filter((ticket) => !this.#known(ticket));
      if (round.length === 0) continue;
      this.#changed = new Set();
      try {
        this.#land(round, await this.#ask(round));
      } catch (error) {
        for (const ticket of round) ticket.reject(error);
      }
    }
    this.#flying = false;
  }

  /** The round before may have brought what this ticket waited to ask for. */
  #known(ticket: Ticket): boolean {
    const profile = this.#cache.get(ticket.reference);
    if (profile) ticket.resolve({ ...profile, created: false });
    return profile !== undefined;
  }

  async #ask(round: readonly Ticket[]): Promise<{ found: Map<string, UserProfile>; made: Set<string> }> {
    const found = await this.#source.find([...new Set(round.map((ticket) => ticket.reference))]);
    const missing = new Set(
      round
        .filter((ticket) => ticket.create && !found.has(ticket.reference))
        .map((ticket) => ticket.reference),
    );
    if (missing.size === 0) return { found, made: missing };
    const made = await this.#source.create([...missing]);
    for (const [reference, profile] of made) {
      found.set(reference, profile);
      missing.delete(reference);
    }
    // Another instance made these between our two statements; they are committed now, and a third one sees them.
    if (missing.size > 0) {
      for (const [reference, profile] of await this.#source.find([...missing])) found.set(reference, profile);
    }
    return { found, made: new Set(made.keys()) };
  }

  #land(
    round: readonly Ticket[],
    { found, made }: { found: Map<string, UserProfile>; made: Set<string> },
  ): void {
    for (const [reference, profile] of found) {
      if (!this.#changed.has(profile.userId) && !this.#changed.has('all'))
        this.#cache.set(reference, profile);
    }
    for (const ticket of round) {
      const profile = found.get(ticket.reference);
      // The first caller that asked for a user is the one who made it.
      const created = ticket.create && made.delete(ticket.reference);
      if (profile) ticket.resolve({ ...profile, created });
      else if (ticket.create) ticket.reject(new Error('a user was neither found nor made'));
      else ticket.resolve(null);
    }
  }
}
