import { balanceOf } from '../account/account.js';
import type { Balance } from '../account/balance.js';
import { startWaitingGift } from '../account/enter-plan.js';
import { squareUp } from '../account/square-up.js';
import type { Deps } from '../deps.js';

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
    const channelSubscribedAt = subscribed ? (account.plan.channelSubscribedAt ?? now) : null;
    account.plan = { ...account.plan, channelSubscribedAt };
    const granted = startWaitingGift(account, now);
    squareUp(account, now);
    return { user, subscribed, granted, balance: balanceOf(account) };
  });
}
