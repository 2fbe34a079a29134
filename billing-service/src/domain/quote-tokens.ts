import { type Affordable, affordable, type Balance } from './balance.js';
import { MAX_TOKENS } from './catalogue.js';
import type { Deps } from './deps.js';
import { readAccount } from './read-balance.js';
import { accept, type Result, refuse } from './refusal.js';

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
  const { operations, priceList } = deps.catalogue.current();
  const operation = operations.get(input.operation);
  if (!operation) return refuse({ kind: 'unknown_operation', operation: input.operation });
  const cost = input.amount ?? operation.price * input.quantity;
  if (cost > MAX_TOKENS) {
    const message = `at price ${operation.price} this comes to ${cost} tokens, more than ${MAX_TOKENS}`;
    return refuse({ kind: 'invalid', errors: [{ field: 'quantity', message }] });
  }
  const profile = deps.users.cached(input.user) ?? (await deps.users.find(input.user));
  const balance: Balance = profile
    ? await readAccount(deps, profile.userId)
    : { available: 0, reserved: 0, total: 0 };
  const { available, reserved, total } = balance;
  return accept({
    cost,
    canAfford: available >= cost,
    deficit: Math.max(0, cost - available),
    balance: { available, reserved, total },
    affordable: affordable(available, priceList.prices),
  });
}
