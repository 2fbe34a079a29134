import { planTimes } from '../account/plan-view.js';
import type { TierOf } from '../plan/plan.js';
import type { ExportedUser } from '../ports/export-store.js';

/** A user as one line: all that the user was promised. Times in ms since the epoch; null: there is none. */
export interface UserLine {
  user: string;
  /** All of them, oldest first. */
  references: string[];
  username: string | null;
  firstName: string | null;
  locale: string | null;
  createdAt: number;
  tier: string;
  periodEnd: number | null;
  paidUntil: number | null;
  channelSubscribedAt: number | null;
  /** Negative in debt. */
  tokensBalance: number;
  tokensSpent: number;
}

/** Null for a user without a name: one who was erased. */
export function userLine(
  { plan, references, total, spent, ...user }: ExportedUser,
  tierOf: TierOf,
): UserLine | null {
  const [oldest] = references;
  if (oldest === undefined) return null;
  const { periodEnd: until, paidUntil } = planTimes(plan, tierOf);
  // In its grace the last period is over.
  const periodEnd = until !== null && paidUntil !== null ? Math.min(until, paidUntil) : until;
  const { tier, channelSubscribedAt } = plan;
  return {
    ...{ user: oldest, references, ...user, tier, periodEnd, paidUntil, channelSubscribedAt },
    ...{ tokensBalance: total, tokensSpent: spent },
  };
}
