import type { Invariant } from '../account/assert-account.js';

/** What the service tells of itself while it works. Labels are tiers, operations and kinds, never users. */
export interface Telemetry extends LedgerTelemetry {
  rateLimitHit(tier: string, operation: string): void;
  tokensSpent(tier: string, operation: string, tokens: number): void;
  insufficientTokens(tier: string, operation: string): void;
  /** Work that was done and could not be charged in full. */
  tokensUncollected(tier: string, operation: string, tokens: number): void;
  /** A limit was decided by this process alone, because the shared store was away. */
  degradedCheck(): void;
  /** Once a payment, not once a delivery. */
  paymentApplied(provider: string, product: string): void;
  paymentRefunded(provider: string): void;
}

/** What the ledger's store tells. */
export interface LedgerTelemetry {
  /** An account broke one of its own rules, and nothing was saved: a bug of ours. */
  invariantBroken(rule: Invariant): void;
  /** One statement for `items` calls; the first of them had waited for `waitedMs`. */
  batchSent(batch: string, sent: { items: number; waitedMs: number; tookMs: number }): void;
  /** A call that could not be hot: its account is locked elsewhere, its batch failed, or something is due or rare. */
  wentSlow(call: string, reason: SlowReason): void;
  /** One account, in a transaction of its own; what happened by itself in it. */
  accountChanged(changed: { tookMs: number; holdsLapsed: number; periodsTurned: number }): void;
  audited(mismatches: number): void;
}

export type SlowReason = 'locked' | 'failed' | 'decided' | 'audited';

/** For those who keep no figures. */
export const SILENT: Telemetry = {
  rateLimitHit() {},
  tokensSpent() {},
  insufficientTokens() {},
  tokensUncollected() {},
  degradedCheck() {},
  paymentApplied() {},
  paymentRefunded() {},
  invariantBroken() {},
  batchSent() {},
  wentSlow() {},
  accountChanged() {},
  audited() {},
};
