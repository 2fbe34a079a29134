import { forecast, paidUntil, type Upcoming, upcoming } from '../plan/forecast.js';
import { currentPeriod, type Plan, type TierOf } from '../plan/plan.js';
import { type Account, balanceOf } from './account.js';
import type { Balance } from './balance.js';

/** A plan as answers tell it. */
export interface PlanTimes {
  /** The end of the current period, also where it will lapse; null before a gift user's first join. */
  periodEnd: number | null;
  /** Null on gift. */
  paidUntil: number | null;
  upcoming: Upcoming[];
}

export interface PlanView extends PlanTimes {
  tier: string;
  balance: Balance;
}

export function planTimes(plan: Plan, tierOf: TierOf): PlanTimes {
  const stretches = forecast(plan, tierOf);
  return {
    periodEnd: currentPeriod(plan)?.until ?? null,
    paidUntil: paidUntil(stretches),
    upcoming: upcoming(stretches),
  };
}

export const planView = (account: Account): PlanView => ({
  tier: account.plan.tier,
  ...planTimes(account.plan, account.tierOf),
  balance: balanceOf(account),
});
