import type { GrantSource } from '../account/account.js';
import { type Affordable, affordable, type Balance } from '../account/balance.js';
import { periodEnd } from '../account/period.js';
import { readAccount } from '../account/read-account.js';
import type { Deps } from '../deps.js';
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
}

/** Refusals: unknown_user. */
export async function readBalance(deps: Deps, user: string): Promise<Result<BalanceView>> {
  const profile = await deps.users.find(user);
  const account = profile && (await readAccount(deps, profile.userId));
  if (!account) return refuse({ kind: 'unknown_user', user });
  const { anchor, period, due: _, moreGrants, ...view } = account;
  return accept({
    ...view,
    ...(moreGrants ? { moreGrants } : {}),
    user,
    affordable: affordable(view.available, deps.catalogue.current().priceList.prices),
    renewsAt: anchor === null ? null : periodEnd(anchor, period),
  });
}
