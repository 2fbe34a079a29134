import { enterPlan } from '../account/enter-plan.js';
import { type PlanView, planView } from '../account/plan-view.js';
import { squareUp } from '../account/square-up.js';
import type { Deps } from '../deps.js';
import { setByHand } from '../plan/change-purchases.js';
import { accept, type Result, refuse } from '../refusal.js';

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
    const plan = setByHand(account.plan, input.tier, input.months, now, account.tierOf);
    enterPlan(account, plan, now, now);
    squareUp(account, now);
    return accept({ user: input.user, ...planView(account) });
  });
}
