import { eq } from 'drizzle-orm';
import { UnknownAccountError } from '../../../domain/account/unknown-account.js';
import { GIFT_TIER } from '../../../domain/catalogue/catalogue.js';
import type { Bus } from '../../../domain/ports/bus.js';
import type { CatalogueStore } from '../../../domain/ports/catalogue-store.js';
import type { Clock } from '../../../domain/ports/clock.js';
import type { UserStore } from '../../../domain/ports/user-store.js';
import type { UserDetails, UserProfile } from '../../../domain/users/user.js';
import type { Database } from '../driver/database.js';
import { users } from '../schema/schema.js';
import { ProfileCache } from './profile-cache.js';
import { ProfileLoader } from './profile-loader.js';
import { createProfiles, findProfiles } from './profile-rows.js';
import { userDetails } from './user-rows.js';

const CACHE_SIZE = 100_000;
/** Only a safety net: changes are announced over the bus. */
const CACHE_TTL_MS = 300_000;

export interface UserStoreOptions {
  database: Database;
  bus: Bus;
  clock: Clock;
  catalogue: Pick<CatalogueStore, 'current'>;
  cacheSize?: number;
  cacheTtlMs?: number;
}

export class PostgresUserStore implements UserStore {
  readonly #database: Database;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #catalogue: Pick<CatalogueStore, 'current'>;
  readonly #cache: ProfileCache;
  readonly #loader: ProfileLoader;

  constructor(options: UserStoreOptions) {
    this.#database = options.database;
    this.#bus = options.bus;
    this.#clock = options.clock;
    this.#catalogue = options.catalogue;
    this.#cache = new ProfileCache({
      max: options.cacheSize ?? CACHE_SIZE,
      ttlMs: options.cacheTtlMs ?? CACHE_TTL_MS,
    });
    this.#loader = new ProfileLoader(
      {
        find: (references) => findProfiles(this.#database, references),
        create: (references) => this.#create(references),
      },
      this.#cache,
    );
    this.#bus.subscribe((event) => {
      if (event.kind === 'user') this.#forget(event.userId);
      else if (event.kind === 'all') this.#forget('all');
    });
  }

  get lookups(): { hits: number; misses: number } {
    return this.#cache.lookups;
  }

  async find(reference: string): Promise<UserProfile | null> {
    return this.#cache.get(reference) ?? (await this.#loader.load(reference, false));
  }

  async ensure(reference: string): Promise<UserProfile> {
    return this.#cache.get(reference) ?? (await this.register(reference));
  }

  async register(reference: string): Promise<UserProfile & { created: boolean }> {
    const found = await this.#loader.load(reference, true);
    if (!found) throw new Error('a user was neither found nor made');
    return found;
  }

  details(userId: number): Promise<UserDetails> {
    return userDetails(this.#database, userId, this.#clock.now());
  }

  async update(
    userId: number,
    change: { username?: string | null; firstName?: string | null; locale?: string | null },
  ): Promise<void> {
    if (Object.values(change).every((value) => value === undefined)) return;
    // A transaction, for its bound on how long the row is waited for.
    const changed = await this.#database.transaction((tx) =>
      tx.drizzle.update(users).set(change).where(eq(users.id, userId)).returning({ id: users.id }),
    );
    if (changed.length === 0) throw new UnknownAccountError(userId);
  }

  invalidate(userId: number): void {
    this.#bus.publish({ kind: 'user', userId });
  }

  #forget(userId: number | 'all'): void {
    this.#loader.changed(userId);
    if (userId === 'all') this.#cache.forgetAll();
    else this.#cache.forget(userId);
  }

  /** Where gift asks for no channel, the account is due at once, and bringing it up to now begins its period. */
  #create(references: readonly string[]): Promise<Map<string, UserProfile>> {
    const now = new Date(this.#clock.now());
    const waits = this.#catalogue.current().tiers.get(GIFT_TIER)?.requiresChannel ?? true;
    return createProfiles(this.#database, references, now, waits ? null : now);
  }
}
