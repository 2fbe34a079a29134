import { type Account, balanceOf } from '../account/account.js';
import type { Balance } from '../account/balance.js';
import { currentPeriodEnd } from '../account/bring-up-to-date.js';
import type { Deps } from '../deps.js';
import { accept, type Result, refuse } from '../refusal.js';
import { putTier } from './buy-tier.js';

export interface PlanView {
  tier: string;
  periodEnd: number | null;
  paidUntil: number | null;
  balance: Balance;
}

export const planView = (account: Account): PlanView => ({
  tier: account.plan.tier,
  periodEnd: currentPeriodEnd(account),
  paidUntil: account.plan.paidUntil,
  balance: balanceOf(account),
});

/** Sets a user's tier by hand, at once. Refusals: unknown_tier. */
export async function changeTier(
  deps: Deps,
  input: { user: string; tier: string; months: number },
): Promise<Result<PlanView & { user: string }>> {
  const { userId } = await deps.users.ensure(input.user);
  if (!deps.catalogue.current().tiers.has(input.tier)) {
    return refuse({ kind: 'unknown_tier', tier: input.tier });
  }
  return deps.ledger.withAccount({ userId }, (account, { now }) => {
    putTier(account, input.tier, input.months, now);
    return accept({ user: input.user, ...planView(account) });
  });
}
