/** One policy's state after a check. Times in ms since the epoch. */
export interface PolicyState {
  /** `all` or the operation, plus `-<window>` where that is not unique. */
  name: string;
  operation: string;
  limit: number;
  windowSeconds: number;
  remaining: number;
  resetAt: number;
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
