import { type Account, addGrant, balanceOf, record } from '../account/account.js';
import type { Balance } from '../account/balance.js';
import { done, earlierAnswer, type Outcome, replay, withIdempotency } from '../account/idempotency.js';
import { refuseExcess } from '../account/refuse-excess.js';
import { squareUp } from '../account/square-up.js';
import type { Deps } from '../deps.js';
import type { IdempotencyKey } from '../ports/ledger.js';
import type { PromoStore } from '../ports/promo-store.js';
import { type Refused, refuse } from '../refusal.js';
import { type CodeState, type PromoCode, shownCode, storedCode } from './promo-code.js';
import { countWrongCode, tooManyWrongCodes } from './wrong-codes.js';

export interface Redeemed {
  granted: number;
  balance: Balance;
}

/**
 * Gives what a code is worth. The same user's same code again without a key is the first answer; a key of its own asks
 * for another use. Refusals: unknown_code, code_used, code_expired, rate_limited, invalid.
 */
export async function redeemPromoCode(
  deps: Deps & { promoCodes: PromoStore },
  input: { user: string; code: string },
  key: IdempotencyKey | undefined,
): Promise<Outcome<Redeemed>> {
  const code = storedCode(input.code);
  const profile = await deps.users.ensure(input.user);
  const { userId } = profile;
  const found = await deps.promoCodes.find(code, userId);
  // What was answered once is no guess.
  const earlier = key ? await earlierAnswer<Redeemed>(deps, userId, key) : firstAnswer(found);
  if (earlier) return earlier;
  if (!found || found.isDeleted)
    return (await countWrongCode(deps, profile, key)) ?? refuse({ kind: 'unknown_code' });
  const early = (await tooManyWrongCodes(deps, profile)) ?? refuseUse(found, deps.clock.now());
  if (early) return early;
  return withIdempotency<Redeemed>(deps, { userId, key, status: 201 }, async (account, tx) => {
    const state = await tx.findPromoCode(code);
    const first = key ? null : firstAnswer(state);
    if (first) return first;
    // Before the use is taken: a refusal undoes nothing.
    const refusal = refuseUse(state, tx.now) ?? refuseExcess(account, 'code', found.code.amount);
    if (refusal) return refusal;
    if (!(await tx.takePromoUse(code)))
      return refuseUse(await tx.findPromoCode(code), tx.now) ?? refuse({ kind: 'unknown_code' });
    const { amount, reason } = found.code;
    tx.describe({ target: shownCode(found.code), reason });
    give(account, found.code, tx.now);
    const answer = { granted: amount, balance: balanceOf(account) };
    await tx.insertRedemption(code, JSON.stringify(answer));
    return done(answer);
  });
}

const firstAnswer = (state: CodeState | null): Outcome<Redeemed> | null =>
  state?.firstAnswer ? replay(JSON.parse(state.firstAnswer) as Redeemed) : null;

/** Null where one more use is to be had. */
function refuseUse(state: CodeState | null, now: number): Refused | null {
  if (!state || state.isDeleted) return refuse({ kind: 'unknown_code' });
  const { code, usedByUser } = state;
  if (usedByUser >= code.usesPerUser) return refuse({ kind: 'code_used', byUser: true });
  if (code.expiresAt !== null && code.expiresAt <= now) return refuse({ kind: 'code_expired' });
  return code.used >= code.uses ? refuse({ kind: 'code_used', byUser: false }) : null;
}

function give(account: Account, terms: PromoCode, now: number): void {
  const { amount, grantSeconds, reason } = terms;
  const expiresAt = grantSeconds === null ? null : now + grantSeconds * 1000;
  const metadata = JSON.stringify({ reason, code: shownCode(terms) });
  addGrant(account, { source: 'promo', amount, expiresAt, reason, metadata, createdAt: now });
  record(account, { kind: 'grant', amount, source: 'promo', metadata, createdAt: now });
  squareUp(account, now);
}
