import type { Policy } from '../catalogue/catalogue.js';

/** One policy's state after a check. Times in ms since the epoch. */
export interface PolicyState {
  /** `all` or the operation, plus `-<window>` where that is not unique. */
  name: string;
  operation: string;
  limit: number;
  windowSeconds: number;
  remaining: number;
  resetAt: number;
  /** When there will next be more than `remaining`: the RateLimit header's `t`, not part of the answer. */
  moreAt: number;
}

/** The answer of limits/check in the domain's words; `http` turns the times into ISO strings. */
export interface LimitDecision {
  allowed: boolean;
  checkId: string | null;
  tier: string;
  operation: string;
  limit: number | null;
  remaining: number | null;
  resetAt: number | null;
  /** Whole seconds, rounded up; 0 when allowed. */
  retryAfter: number;
  policies: PolicyState[];
  /** True where the in-process limiter answered in place of the shared store. */
  degraded: boolean;
  /** True where this checkId had been counted before, so that nothing was counted now. Not part of the answer. */
  repeated: boolean;
}

export interface TakenDecision extends LimitDecision {
  /** The count on which this copy of the check stands; null where it was denied or a peek. */
  counted: Counted | null;
}

/** Names one count, by its time in the log (ms), where it is logged; a check may be counted again a window later. */
export interface Counted {
  shared: number | null;
  here: number | null;
}

export interface LimitRequest {
  /**
   * Limits are counted per user number, no matter which reference was used. Below 0: the user's wrong codes, a log of its
   * own.
   */
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

export interface LeaveRequest extends UndoRequest {
  counted: Counted;
}

/**
 * A check that is sent again before its answer came has several copies. They are counted once, and the count stands
 * for as long as one copy stands on it: any of them may turn out to be the one that counts.
 */
export interface LimitStore {
  take(request: LimitRequest): Promise<TakenDecision>;
  /** One copy steps down from its count; with the last one the count is given back. */
  leave(request: LeaveRequest): Promise<void>;
  /** Gives the count back, for all copies; true where this call did so. */
  undo(request: UndoRequest): Promise<boolean>;
  close(): Promise<void>;
}
