import { type Affordable, affordable, type Balance } from '../account/balance.js';
import { readAccount } from '../account/read-account.js';
import { GIFT_TIER, type Tier } from '../catalogue/catalogue.js';
import type { Receipt, Units } from '../catalogue/price-work.js';
import type { Deps } from '../deps.js';
import { accept, type Result } from '../refusal.js';
import { priceHold } from './price-hold.js';

export interface Quote {
  cost: number;
  receipt: Receipt;
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
  input: {
    user: string;
    operation: string;
    quantity: number;
    amount: number | undefined;
    units?: Units | undefined;
    model?: string | null;
  },
): Promise<Result<Quote>> {
  const catalogue = deps.catalogue.current();
  const { priceList, tiers } = catalogue;
  const price = priceHold(catalogue, { ...input, units: input.units, model: input.model ?? null });
  if (!price.ok) return price;
  const { receipt } = price.value;
  const cost = receipt.total;
  const profile = await deps.users.find(input.user);
  const account = profile && (await readAccount(deps, profile.userId));
  const { available, reserved, total } = account ?? newBalance(tiers.get(GIFT_TIER));
  return accept({
    cost,
    receipt,
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
