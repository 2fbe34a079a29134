import { type Refused, refuse } from '../refusal.js';
import { type Account, totalOf } from './account.js';

/** Below this, sums of tokens are exact in a double. */
const MAX_TOTAL = Number.MAX_SAFE_INTEGER;

/** Null, or why an account cannot take so many more; `field` asked for them. */
export const refuseExcess = (account: Account, field: string, amount: number): Refused | null =>
  totalOf(account) + amount > MAX_TOTAL
    ? refuse({ kind: 'invalid', errors: [{ field, message: `the balance would exceed ${MAX_TOTAL}` }] })
    : null;
