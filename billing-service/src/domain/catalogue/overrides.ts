import type { Policy, Tier } from './catalogue.js';

/** Limits of one user in place of the tier's; what is null is the tier's. */
export interface Overrides {
  /** The whole list; an empty one limits nothing. */
  policies: Policy[] | null;
  maxOpenReservations: number | null;
  overdraft: number | null;
  /** From then on all is the tier's again, by itself; ms since the epoch, or null. */
  expiresAt: number | null;
  reason: string;
}

type Overridden = 'policies' | 'maxOpenReservations' | 'overdraft';

/** Nobody takes them away when they are over: whoever reads them compares. */
export const inForce = (overrides: Overrides | null, now: number): Overrides | null =>
  overrides === null || (overrides.expiresAt !== null && overrides.expiresAt <= now) ? null : overrides;

/** What one user is allowed: the user's own where it is set, else the tier's. */
export const allowed = <K extends Overridden>(
  what: K,
  tier: Tier,
  overrides: Overrides | null,
  now: number,
): Tier[K] => (inForce(overrides, now)?.[what] as Tier[K] | null | undefined) ?? tier[what];
