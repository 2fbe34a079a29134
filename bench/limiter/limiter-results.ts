import type { Spread } from '../report/ratios.js';

export interface LimiterFigures {
  /** Decisions a second, one connection with 64 in flight; over rounds. */
  perSecond: Spread;
  /** µs that one decision takes inside Redis. */
  redisUs: Spread;
  /** Most that was admitted in any rolling window, over the limit: 1 is exact. */
  worstWindow: number;
}

export interface LimiterResults {
  /** By name of the limiter, at limit 100 a minute. */
  limiters: Record<string, LimiterFigures>;
  /** Farebox' script on a full log: µs in Redis of an admitted and of a denied check, by limit. */
  fullLog: Record<'10' | '100', { admittedUs: Spread; deniedUs: Spread }>;
}
