/** What is counted: a user met a limit, ran out of tokens, was blocked, or holds too much. */
export const COUNTED_REFUSALS = [
  'rate_limited',
  'insufficient_tokens',
  'user_blocked',
  'too_many_open_reservations',
] as const;

export type CountedRefusal = (typeof COUNTED_REFUSALS)[number];

/** `hour`: its beginning, ms since the epoch. */
export interface RefusalCount {
  hour: number;
  userId: number;
  operation: string;
  kind: CountedRefusal;
  count: number;
}

export interface RefusalRow extends RefusalCount {
  /** The oldest reference; null where the user was erased. */
  user: string | null;
}

/** Of some hours together. */
export interface RefusalSum {
  kind: CountedRefusal;
  count: number;
  /** Different ones. */
  users: number;
}

export interface RefusalFilter {
  userId?: number | undefined;
  operation?: string | undefined;
  kind?: CountedRefusal | undefined;
  /** Of hours that begin at or after `from`, and before `to`. */
  from?: number | undefined;
  to?: number | undefined;
}

export interface RefusalStore {
  add(counts: readonly RefusalCount[]): Promise<void>;
  /** The newest hour first, of one hour the most refused first; after the row `after`. */
  list(filter: RefusalFilter & { after?: RefusalCount | undefined; limit: number }): Promise<RefusalRow[]>;
  /** By kind, the most first. */
  sums(filter: Pick<RefusalFilter, 'from' | 'to'>): Promise<RefusalSum[]>;
  /** Deletes up to `limit` rows of hours that began before `before`; returns how many. Fewer: there are no more. */
  forget(before: number, limit: number): Promise<number>;
}
