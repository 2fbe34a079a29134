import type { GrantSource } from '../account/account.js';
import { type Affordable, affordable, type Balance } from '../account/balance.js';
import { planTimes } from '../account/plan-view.js';
import { readAccount } from '../account/read-account.js';
import { tierIn } from '../catalogue/catalogue.js';
import type { Deps } from '../deps.js';
import type { Upcoming } from '../plan/forecast.js';
import { accept, type Result, refuse } from '../refusal.js';

export interface BalanceView extends Balance {
  user: string;
  tier: string;
  spent: number;
  debt: number;
  /** With tokens left, in burn order, at most MAX_SHOWN_GRANTS; held tokens included. */
  grants: { source: GrantSource; remaining: number; expiresAt: number | null }[];
  /** There are more than are shown. */
  moreGrants?: true;
  affordable: Affordable;
  /** End of the current period, also where it will lapse; null before a gift user's first join. */
  renewsAt: number | null;
  paidUntil: number | null;
  upcoming: Upcoming[];
}

/** Refusals: unknown_user. */
export async function readBalance(deps: Deps, user: string): Promise<Result<BalanceView>> {
  const profile = await deps.users.find(user);
  if (!profile) return refuse({ kind: 'unknown_user', user });
  const account = await readAccount(deps, profile.userId);
  const { plan, due: _, moreGrants, ...view } = account;
  const catalogue = deps.catalogue.current();
  const { periodEnd: renewsAt, ...paid } = planTimes(plan, (id) => tierIn(catalogue, id));
  return accept({
    ...view,
    ...(moreGrants ? { moreGrants } : {}),
    user,
    tier: plan.tier,
    affordable: affordable(view.available, catalogue.priceList.prices),
    renewsAt,
    ...paid,
  });
}
