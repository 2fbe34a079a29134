import type { UserDetails, UserProfile } from '../users/user.js';

export interface UserStore {
  /** From this process's cache where it holds a fresh profile, as `ensure`; null when nobody has this reference. */
  find(reference: string): Promise<UserProfile | null>;
  /** Creates the user on the gift tier with an empty account where unknown, once under any concurrency. */
  ensure(reference: string): Promise<UserProfile>;
  /** The same, and whether it was this call that created the user. */
  register(reference: string): Promise<UserProfile & { created: boolean }>;
  details(userId: number): Promise<UserDetails>;
  update(
    userId: number,
    change: { username?: string | null; firstName?: string | null; locale?: string | null },
  ): Promise<void>;
  /** Drops this user from the cache of every instance. */
  invalidate(userId: number): void;
}
