import type { Balance } from '../account/balance.js';
import type { Deps } from '../deps.js';
import { done, type Outcome, once } from '../account/idempotency.js';
import type { IdempotencyKey } from '../ports/ledger.js';
import { addGrant, availableOf, balanceOf, burn, type Purse, payDebt, record, totalOf } from '../account/purse.js';
import { type Refusal, refuse } from '../refusal.js';

export interface GrantInput {
  user: string;
  /** Not 0; negative only for an adjustment. */
  amount: number;
  source: 'topup' | 'promo' | 'adjustment';
  expiresAt: number | null;
  reason: string;
  /** JSON text. */
  metadata: string | null;
}

export interface Granted {
  /** Null for a negative adjustment, which makes no grant. */
  grantId: string | null;
  balance: Balance;
}

/** Sums of tokens stay exact in a double below this. */
const MAX_TOTAL = Number.MAX_SAFE_INTEGER;

/** Gives tokens, or takes some by a negative adjustment, never below zero available. Refusals: insufficient_tokens, invalid. */
export async function grantTokens(
  deps: Deps,
  input: GrantInput,
  key: IdempotencyKey | undefined,
): Promise<Outcome<Granted>> {
  const { userId } = deps.users.cached(input.user) ?? (await deps.users.ensure(input.user));
  return once<Granted>(deps, { userId, key, status: 201 }, (purse, { now }) => {
    const refusal = refuseGrant(purse, input, now);
    if (refusal) return refuse(refusal);
    const { amount, source, expiresAt, reason, metadata } = input;
    let grantId: string | null = null;
    if (amount > 0) {
      const grant = addGrant(purse, { source, amount, expiresAt, reason, metadata, createdAt: now });
      grantId = publicGrantId(userId, grant.id);
    } else burn(purse, -amount);
    const kind = source === 'adjustment' ? 'adjustment' : 'grant';
    record(purse, { kind, amount, source, metadata: noteOf(input), createdAt: now });
    payDebt(purse);
    return done({ grantId, balance: balanceOf(purse) });
  });
}

/** The entry tells why: the caller's metadata, with the reason where it names none itself. */
function noteOf({ reason, metadata }: GrantInput): string {
  return JSON.stringify({ reason, ...(metadata ? (JSON.parse(metadata) as object) : {}) });
}

function refuseGrant(purse: Purse, { amount, expiresAt }: GrantInput, now: number): Refusal | null {
  const invalid = (field: string, message: string): Refusal => ({
    kind: 'invalid',
    errors: [{ field, message }],
  });
  if (expiresAt !== null && amount < 0) return invalid('expiresAt', 'a negative adjustment does not expire');
  if (expiresAt !== null && expiresAt <= now) return invalid('expiresAt', 'must lie in the future');
  if (totalOf(purse) + amount > MAX_TOTAL) return invalid('amount', `the balance would exceed ${MAX_TOTAL}`);
  const available = availableOf(purse);
  return -amount > available ? { kind: 'insufficient_tokens', cost: -amount, available } : null;
}

export const publicGrantId = (userId: number, grantId: number): string =>
  `grt_${userId.toString(36)}_${grantId}`;
