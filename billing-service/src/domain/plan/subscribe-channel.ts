import { balanceOf } from '../account/account.js';
import type { Balance } from '../account/balance.js';
import { GIFT_TIER } from '../catalogue/catalogue.js';
import type { Deps } from '../deps.js';
import { grantPeriod, startWaitingGift } from './plan.js';

export interface Subscription {
  user: string;
  subscribed: boolean;
  /** Tokens granted by this call. */
  granted: number;
  balance: Balance;
}

/**
 * Notes that the user is, or is no longer, in the operator's channel. The first join on gift begins its months; a
 * later one grants only a period that has had nothing yet.
 */
export async function subscribeChannel(
  deps: Deps,
  { user, subscribed }: { user: string; subscribed: boolean },
): Promise<Subscription> {
  const { userId } = await deps.users.ensure(user);
  return deps.ledger.withAccount({ userId }, (account, { now }) => {
    const { plan } = account;
    plan.channelSubscribedAt = subscribed ? (plan.channelSubscribedAt ?? now) : null;
    const grant = plan.tier === GIFT_TIER ? startWaitingGift(account, now) : grantPeriod(account, now, now);
    return { user, subscribed, granted: grant, balance: balanceOf(account) };
  });
}
