export const DIMENSIONS = ['hour', 'day', 'month', 'operation', 'tier', 'model', 'user'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Local time is UTC plus so many hours, from one moment until another (ms since the epoch). */
export interface OffsetStretch {
  since: number;
  until: number;
  hours: number;
}

export interface UsageRequest {
  /** Whole hours: from ≤ t < to. */
  from: number;
  to: number;
  by: readonly Dimension[];
  userId: number | undefined;
  operation: string | undefined;
  tier: string | undefined;
  model: string | undefined;
  offsets: readonly OffsetStretch[];
  limit: number;
  skip: number;
  /** Entries that sums do not cover are read one by one, at most so many. */
  maxEntries: number;
}

export interface UsageFigures {
  commits: number;
  charged: number;
  refunded: number;
  uncollected: number;
  granted: number;
  expired: number;
  revoked: number;
  adjusted: number;
}

export type UsageRow = UsageFigures & Partial<Record<Dimension, string | null>>;

export interface UsageStore {
  /**
   * The ledger summed, at one instant: times oldest first, then the most charged. Throws UnavailableError while more
   * than `maxEntries` are not rolled up yet. 'archived': some of the entries that it would be read from are.
   */
  sum(request: UsageRequest): Promise<UsageRow[] | 'too many entries' | 'archived'>;
}
