/** One account's tokens, grants, holds and plan in memory: what the slow path loads, changes and saves. */

/** What one grant (null = debt) bore of a charge, in the order it was charged. Stored as a pair to stay short. */
export type Part = [grantId: number | null, tokens: number];

/** A payment's stretch of the present tenure. Times in ms since the epoch. */
export interface Coverage {
  provider: string;
  paymentId: string;
  from: number;
  until: number;
}

/** A bought tier that waits for its turn: `months` from its start, or until a moment (ms since the epoch). */
export interface Purchase {
  provider: string;
  paymentId: string;
  tier: string;
  months?: number;
  until?: number;
}
