import type { Account } from '../account/account.js';
import { bringUpToDate } from '../account/bring-up-to-date.js';
import { done, type Outcome, replay, withIdempotency } from '../account/idempotency.js';
import { revokeFreed, squareUp } from '../account/square-up.js';
import type { Deps } from '../deps.js';
import type { PaidBy } from '../plan/plan.js';
import type { IdempotencyKey } from '../ports/ledger.js';
import { refuse } from '../refusal.js';
import { takeTimeBack } from './deliver-tier.js';
import { canonicalProvider } from './payment.js';

export interface PaymentRefunded {
  /** Tokens taken back. */
  revoked: number;
  /** Tokens of what the payment gave that were spent. */
  spent: number;
  /** The user's tier now. */
  tier: string;
}

/**
 * Takes back what is unspent of what a payment gave, and ends its unused paid time. Held tokens stay held.
 * Refusals: unknown_payment. A second refund gets the first one's answer.
 */
export async function refundPayment(
  deps: Deps,
  asked: PaidBy,
  key: IdempotencyKey | undefined,
): Promise<Outcome<PaymentRefunded>> {
  const { paymentId } = asked;
  const provider = canonicalProvider(asked.provider);
  const payment = await deps.ledger.findPayment(provider, paymentId);
  if (!payment) return refuse({ kind: 'unknown_payment', provider, paymentId });
  const { userId } = payment;
  const call = { userId, key, status: 200, payment: { provider, paymentId } };
  return withIdempotency<PaymentRefunded>(deps, call, async (account, tx) => {
    const present = await tx.findPayment(provider, paymentId);
    if (present?.refundAnswer) return replay(JSON.parse(present.refundAnswer) as PaymentRefunded);
    const taken = revokeGrants(account, call.payment, tx.now);
    await takeTimeBack(account, present ?? payment, tx);
    squareUp(account, tx.now);
    bringUpToDate(account, tx.now);
    const answer = { ...taken, tier: account.plan.tier };
    await tx.markPaymentRefunded(provider, paymentId, JSON.stringify(answer));
    return done(answer);
  });
}

/** What open holds need stays with them, and is taken back when they end. */
function revokeGrants(account: Account, payment: PaidBy, now: number): { revoked: number; spent: number } {
  const mine = account.grants.filter(
    (g) => g.payment?.provider === payment.provider && g.payment.paymentId === payment.paymentId,
  );
  const spent = mine.reduce((sum, grant) => sum + grant.amount - grant.remaining - grant.ended, 0);
  for (const grant of mine) grant.revoked = true;
  return { revoked: revokeFreed(account, now), spent };
}
