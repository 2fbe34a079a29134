import type { Account } from './account.js';
import { planView } from './plan-view.js';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** An account as the audit log keeps it before and after a write: what an operator would look at to see the difference. */
export function pictureOf(account: Account): object {
  const { tier, periodEnd, paidUntil, upcoming, balance } = planView(account);
  return {
    tier,
    periodEnd: iso(periodEnd),
    paidUntil: iso(paidUntil),
    channelSubscribedAt: iso(account.plan.channelSubscribedAt),
    upcoming: upcoming.map(({ from, until, ...one }) => ({ ...one, from: iso(from), until: iso(until) })),
    balance,
    debt: account.debt,
  };
}
