import type { Overrides } from '../catalogue/overrides.js';

/** What the hot path needs to know of a user; cached in the process, never the balance. */
export interface UserProfile {
  /** The internal number that all references of one user share. */
  userId: number;
  tier: string;
  /** When the tier will change by itself (ms since the epoch), or Infinity; past that the account is brought up to now first. */
  tierDueAtMs: number;
  /** Why the user may not act; null where the user may. */
  blockedFor: string | null;
  /** The user's own limits, perhaps over already; null where none are set. */
  overrides: Overrides | null;
}

/** An operator's stop on one user. `at`: since when, ms since the epoch. */
export interface Block {
  reason: string;
  at: number;
}

/** A user is known under a few names; every answer about the user lists them all. */
export const MAX_REFERENCES = 100;

export interface UserDetails {
  references: string[];
  username: string | null;
  firstName: string | null;
  locale: string | null;
  tier: string;
  /** ms since the epoch, or null. */
  channelSubscribedAt: number | null;
  blocked: Block | null;
  /** Those in force. */
  overrides: Overrides | null;
  createdAt: number;
}
