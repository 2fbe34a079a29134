import type { Balance } from '../account/balance.js';
import { putTier } from './buy-tier.js';
import type { Deps } from '../deps.js';
import { balanceOf, type Purse } from '../account/purse.js';
import { accept, type Result, refuse } from '../refusal.js';
import { currentPeriodEnd } from '../account/settle.js';

export interface PlanView {
  tier: string;
  periodEnd: number | null;
  paidUntil: number | null;
  balance: Balance;
}

export const planView = (purse: Purse): PlanView => ({
  tier: purse.plan.tier,
  periodEnd: currentPeriodEnd(purse),
  paidUntil: purse.plan.paidUntil,
  balance: balanceOf(purse),
});

/** Sets a user's tier by hand, at once. Refusals: unknown_tier. */
export async function changeTier(
  deps: Deps,
  input: { user: string; tier: string; months: number },
): Promise<Result<PlanView & { user: string }>> {
  const { userId } = deps.users.cached(input.user) ?? (await deps.users.ensure(input.user));
  if (!deps.catalogue.current().tiers.has(input.tier)) {
    return refuse({ kind: 'unknown_tier', tier: input.tier });
  }
  return deps.ledger.withPurse({ userId }, (purse, { now }) => {
    putTier(purse, input.tier, input.months, now);
    return accept({ user: input.user, ...planView(purse) });
  });
}
