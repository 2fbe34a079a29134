/** What the domain asks of the outside, whoever answers: Postgres or PGlite, Redis or memory. */
import type { Catalogue, Operation, Pack, Policy, PriceList, Tier } from '../domain/catalogue.js';
import type { LimitDecision } from '../domain/limit-policy.js';
import type { UserDetails, UserProfile } from '../domain/user.js';

/** A dependency did not answer; http turns it into 503 `unavailable`. `message` is for the log, never for the caller. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

export interface CatalogueStore {
  /** The present catalogue, always in memory; refreshed when an instance publishes a change, else every 300 s. */
  current(): Catalogue;
  refresh(): Promise<void>;
  /** An earlier price list, for answers that are given again. */
  priceList(id: number): Promise<PriceList>;
  /** Writes if `expected` (the tier as the caller last saw it) still holds; undefined = unconditionally. */
  putTier(tier: Tier, matches: (present: Tier | undefined) => boolean): Promise<PutOutcome>;
  putOperation(
    operation: Operation,
    matches: (present: Operation | undefined) => boolean,
  ): Promise<PutOutcome>;
  putPack(pack: Pack, matches: (present: Pack | undefined) => boolean): Promise<PutOutcome>;
}
export type PutOutcome = 'created' | 'replaced' | 'precondition_failed';

export interface UserStore {
  /** The profile if this process holds a fresh one; never asks the database. */
  cached(reference: string): UserProfile | undefined;
  /** Null when nobody has this reference. */
  find(reference: string): Promise<UserProfile | null>;
  /** Creates the user on the gift tier with an empty account where unknown, once under any concurrency. */
  ensure(reference: string): Promise<UserProfile & { created: boolean }>;
  details(userId: number): Promise<UserDetails>;
  update(
    userId: number,
    change: { username?: string | null; firstName?: string | null; locale?: string | null },
  ): Promise<void>;
  /** Drops this user from the cache of every instance. */
  invalidate(userId: number): void;
}

export interface LimitRequest {
  /** Limits are counted per user number, whatever reference was used. */
  userId: number;
  tier: string;
  operation: string;
  /** Those of the tier that bear on the operation: its own and `*`, in the tier's order. */
  policies: Policy[];
  cost: number;
  peek: boolean;
  /** Null only for a peek. */
  checkId: string | null;
  /** How long an entry must be kept so that a change of tier keeps the count: the longest window of any tier. */
  retainSeconds: number;
}

/** A check id means one check of one user and operation. */
export interface UndoRequest {
  userId: number;
  operation: string;
  checkId: string;
  retainSeconds: number;
}

export interface LimitStore {
  take(request: LimitRequest): Promise<LimitDecision>;
  /** True where a count was given back by this call. */
  undo(request: UndoRequest): Promise<boolean>;
  close(): Promise<void>;
}

/** Tells every instance that something cached has changed. */
export type BusEvent =
  | { kind: 'catalogue' }
  | { kind: 'user'; userId: number }
  | { kind: 'api_key'; id: string }
  | { kind: 'clock' }
  /** Events may have been missed: forget everything. */
  | { kind: 'all' };

export interface Bus {
  /** Reaches the listeners of this process at once and those of others soon (best effort; caches also have a TTL). */
  publish(event: BusEvent): void;
  subscribe(listener: (event: BusEvent) => void): void;
  close(): Promise<void>;
}
