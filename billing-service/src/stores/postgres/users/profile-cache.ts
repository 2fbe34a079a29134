import { LRUCache } from 'lru-cache';
import type { UserProfile } from '../../../domain/users/user.js';

/** Profiles by reference, bounded; all references of a user are forgotten together. */
export class ProfileCache {
  readonly #profiles: LRUCache<string, UserProfile>;
  readonly #references = new Map<number, Set<string>>();

  /** For the figures. */
  readonly lookups = { hits: 0, misses: 0 };

  constructor(options: { max: number; ttlMs: number }) {
    this.#profiles = new LRUCache<string, UserProfile>({
      max: options.max,
      ttl: options.ttlMs,
      dispose: (profile, reference, reason) => {
        // A reference never moves to another user, so an overwritten entry keeps its place in the index.
        if (reason !== 'set') this.#unindex(profile.userId, reference);
      },
    });
  }

  get(reference: string): UserProfile | undefined {
    const profile = this.#profiles.get(reference);
    if (profile) this.lookups.hits += 1;
    else this.lookups.misses += 1;
    return profile;
  }

  set(reference: string, profile: UserProfile): void {
    const references = this.#references.get(profile.userId);
    if (references) references.add(reference);
    else this.#references.set(profile.userId, new Set([reference]));
    this.#profiles.set(reference, profile);
  }

  forget(userId: number): void {
    for (const reference of [...(this.#references.get(userId) ?? [])]) this.#profiles.delete(reference);
  }

  forgetAll(): void {
    this.#profiles.clear();
  }

  #unindex(userId: number, reference: string): void {
    const references = this.#references.get(userId);
    if (!references?.delete(reference) || references.size > 0) return;
    this.#references.delete(userId);
  }
}
