import type { PolicyState } from './limit-store.js';

/** A user who met a limit: what of it is told. */
export interface LimitHit {
  userId: number;
  operation: string;
  /** ms since the epoch. */
  at: number;
  policy: Pick<PolicyState, 'limit' | 'windowSeconds' | 'resetAt'> | null;
}

/** What is told without anybody's call, and what is not kept any longer. */
export interface EventKeeper {
  /** Tells of those hits of whose user and operation nothing was told in the hour before. */
  tellHits(hits: readonly LimitHit[]): Promise<void>;
  /** Tells what ends within three days of now and was not told; each once, whoever dies meanwhile. */
  tellAhead(now: number): Promise<void>;
  /** Drops up to `limit` events, and as many rows of what belongs to them, that were told before `before`; false: no more. */
  drop(before: number, limit: number): Promise<boolean>;
}
