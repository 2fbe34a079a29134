import type { OpenHolds } from '../domain/ports/holds-page.js';

const NONE: OpenHolds = { holds: 0, tokens: 0, overdueSince: null };

/**
 * Adds up what the sweeper's walk sees anyway. No statement counts the holds of all accounts: at millions of them that
 * would cost seconds at every reading. A walk that began in the middle tells nothing.
 */
export class HoldCensus {
  #sum: OpenHolds | null = null;
  #beganAtMs = 0;
  /** Of the last whole walk, and how long it took. */
  last: (OpenHolds & { tookMs: number }) | null = null;

  /** `from`: the account that the page began behind; null: anywhere. */
  add(from: number | null, page: OpenHolds, isLast: boolean, nowMs: number): void {
    if (from === 0) {
      this.#sum = NONE;
      this.#beganAtMs = nowMs;
    }
    if (this.#sum) this.#sum = together(this.#sum, page);
    if (!isLast) return;
    if (this.#sum) this.last = { ...this.#sum, tookMs: nowMs - this.#beganAtMs };
    this.#sum = null;
  }

  /** The page was not done to its end, and will be looked at again. */
  drop(): void {
    this.#sum = null;
  }
}

const together = (a: OpenHolds, b: OpenHolds): OpenHolds => ({
  holds: a.holds + b.holds,
  tokens: a.tokens + b.tokens,
  overdueSince: earlier(a.overdueSince, b.overdueSince),
});

const earlier = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);
