/** The three figures of the business, and what the jobs report. Labels are tiers and operations, never users. */
export interface Telemetry {
  rateLimitHit(tier: string, operation: string): void;
  tokensSpent(tier: string, operation: string, tokens: number): void;
  insufficientTokens(tier: string, operation: string): void;
  /** An account broke one of its own rules, and nothing was saved: a bug of ours. */
  invariantBroken(rule: string): void;
}
