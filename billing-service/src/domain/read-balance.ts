import { type Affordable, affordable, type Balance } from './balance.js';
import { settleAccount } from './current-profile.js';
import type { Deps } from './deps.js';
import type { AccountView } from './ledger.js';
import { periodEnd } from './period.js';
import type { GrantSource } from './purse.js';
import { accept, type Result, refuse } from './refusal.js';

export interface BalanceView extends Balance {
  user: string;
  tier: string;
  spent: number;
  debt: number;
  /** With tokens left, in burn order; held tokens included. */
  grants: { source: GrantSource; remaining: number; expiresAt: number | null }[];
  affordable: Affordable;
  /** End of the current period, also where it will lapse; null before a gift user's first join. */
  renewsAt: number | null;
  paidUntil: number | null;
}

/** The account as it is now: settled first where something was due. */
export async function readAccount(deps: Pick<Deps, 'ledger'>, userId: number): Promise<AccountView> {
  const view = await deps.ledger.accountOf(userId);
  if (!view.due) return view;
  await settleAccount(deps, userId);
  return deps.ledger.accountOf(userId);
}

/** Refusals: unknown_user. */
export async function readBalance(deps: Deps, user: string): Promise<Result<BalanceView>> {
  const profile = deps.users.cached(user) ?? (await deps.users.find(user));
  if (!profile) return refuse({ kind: 'unknown_user', user });
  const { anchor, period, due: _, ...view } = await readAccount(deps, profile.userId);
  return accept({
    ...view,
    user,
    affordable: affordable(view.available, deps.catalogue.current().priceList.prices),
    renewsAt: anchor === null ? null : periodEnd(anchor, period),
  });
}
