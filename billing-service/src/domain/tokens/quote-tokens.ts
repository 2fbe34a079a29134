import { type Affordable, affordable, type Balance } from '../account/balance.js';
import { readAccount } from '../account/read-account.js';
import { GIFT_TIER, type Tier } from '../catalogue/catalogue.js';
import type { Deps } from '../deps.js';
import { accept, type Result } from '../refusal.js';
import { costOf } from './cost-of.js';

export interface Quote {
  cost: number;
  canAfford: boolean;
  deficit: number;
  balance: Balance;
  affordable: Affordable;
}

/**
 * What an operation would cost and whether the user could pay for it now. Changes nothing and creates nobody: an
 * unknown user is quoted as a new one. Refusals: unknown_operation, invalid.
 */
export async function quoteTokens(
  deps: Deps,
  input: { user: string; operation: string; quantity: number; amount: number | undefined },
): Promise<Result<Quote>> {
  const { operations, priceList, tiers } = deps.catalogue.current();
  const price = costOf(operations, input);
  if (!price.ok) return price;
  const cost = price.value;
  const profile = await deps.users.find(input.user);
  const account = profile && (await readAccount(deps, profile.userId));
  const { available, reserved, total } = account ?? newBalance(tiers.get(GIFT_TIER));
  return accept({
    cost,
    canAfford: available >= cost,
    deficit: Math.max(0, cost - available),
    balance: { available, reserved, total },
    affordable: affordable(available, priceList.prices),
  });
}

/** What a user has who is made by the next call: the gift, where it asks for no channel. */
function newBalance(gift: Tier | undefined): Balance {
  const tokens = gift && !gift.requiresChannel ? gift.monthlyTokens : 0;
  return { available: tokens, reserved: 0, total: tokens };
}
