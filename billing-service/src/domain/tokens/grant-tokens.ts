import { type Account, addGrant, availableOf, balanceOf, record } from '../account/account.js';
import type { Balance } from '../account/balance.js';
import { burn } from '../account/burn.js';
import { done, type Outcome, withIdempotency } from '../account/idempotency.js';
import { refuseExcess } from '../account/refuse-excess.js';
import { squareUp } from '../account/square-up.js';
import type { Deps } from '../deps.js';
import type { IdempotencyKey } from '../ports/ledger.js';
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

/**
 * Gives tokens, or takes some by a negative adjustment, never below zero available. Refusals: insufficient_tokens,
 * invalid.
 */
export async function grantTokens(
  deps: Deps,
  input: GrantInput,
  key: IdempotencyKey | undefined,
): Promise<Outcome<Granted>> {
  const { userId } = await deps.users.ensure(input.user);
  return withIdempotency<Granted>(deps, { userId, key, status: 201 }, (account, tx) => {
    const { now } = tx;
    const refusal = refuseGrant(account, input, now);
    if (refusal) return refuse(refusal);
    const { amount, source, expiresAt, reason, metadata } = input;
    tx.describe({ reason });
    let grantId: string | null = null;
    if (amount > 0) {
      const grant = addGrant(account, { source, amount, expiresAt, reason, metadata, createdAt: now });
      grantId = publicGrantId(userId, grant.id);
    } else burn(account, -amount);
    const kind = source === 'adjustment' ? 'adjustment' : 'grant';
    record(account, { kind, amount, source, metadata: noteOf(input), createdAt: now });
    squareUp(account, now);
    return done({ grantId, balance: balanceOf(account) });
  });
}

/** The entry says why: the caller's metadata, plus `reason` unless the metadata has one. */
function noteOf({ reason, metadata }: GrantInput): string {
  return JSON.stringify({ reason, ...(metadata ? (JSON.parse(metadata) as object) : {}) });
}

function refuseGrant(account: Account, { amount, expiresAt }: GrantInput, now: number): Refusal | null {
  const invalid = (field: string, message: string): Refusal => ({
    kind: 'invalid',
    errors: [{ field, message }],
  });
  if (expiresAt !== null && amount < 0) return invalid('expiresAt', 'a negative adjustment does not expire');
  if (expiresAt !== null && expiresAt <= now) return invalid('expiresAt', 'must be in the future');
  const excess = refuseExcess(account, 'amount', amount);
  if (excess) return excess.refusal;
  // Only what takes tokens away needs them: a credit smaller than the debt lessens it.
  const available = availableOf(account);
  return amount < 0 && -amount > available ? { kind: 'insufficient_tokens', cost: -amount, available } : null;
}

export const publicGrantId = (userId: number, grantId: number): string =>
  `grt_${userId.toString(36)}_${grantId}`;
