import type { Patience } from './patience.js';

/** An account whose row does not equal its ledger; what was found against what was expected. */
export interface Mismatch {
  userId: number;
  /** Which sum does not agree. */
  figure: string;
  expected: number;
  actual: number;
}

export interface Audit {
  accounts: number;
  entries: number;
  mismatches: Mismatch[];
  /** The last account that was looked at, where there are others after it. */
  stoppedAt: number | null;
}

export interface AuditRequest {
  /** Begins behind this account. */
  after: number;
  /** Stops with the first group of accounts that is done by then (performance.now()); absent: with the last. */
  untilMs?: number | undefined;
  /** Given up where it is over. */
  patience?: Patience;
  /** What a walk that came up to `after` has found. */
  foundBefore?: number;
}
