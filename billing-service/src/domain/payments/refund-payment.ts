import { type Account, availableOf, isLive, payDebt, record } from '../account/account.js';
import { bringUpToDate } from '../account/bring-up-to-date.js';
import { done, type Outcome, replay, withIdempotency } from '../account/idempotency.js';
import type { Deps } from '../deps.js';
import { endPaidTime } from '../plan/buy-tier.js';
import type { IdempotencyKey } from '../ports/ledger.js';
import { refuse } from '../refusal.js';
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
  asked: { provider: string; paymentId: string },
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
    endPaidTime(account, call.payment, tx.now);
    payDebt(account);
    bringUpToDate(account, tx.now);
    const answer = { ...taken, tier: account.plan.tier };
    await tx.markPaymentRefunded(provider, paymentId, JSON.stringify(answer));
    return done(answer);
  });
}

function revokeGrants(
  account: Account,
  payment: { provider: string; paymentId: string },
  now: number,
): { revoked: number; spent: number } {
  const mine = account.grants.filter(
    (g) => g.payment?.provider === payment.provider && g.payment.paymentId === payment.paymentId,
  );
  const spent = mine.reduce((sum, grant) => sum + grant.amount - grant.remaining - grant.ended, 0);
  let revoked = 0;
  for (const grant of mine) {
    grant.revoked = true;
    if (!isLive(grant, now)) continue;
    const taken = Math.min(grant.remaining, Math.max(0, availableOf(account)));
    grant.remaining -= taken;
    grant.ended += taken;
    revoked += taken;
    if (taken === 0) continue;
    const metadata = JSON.stringify(payment);
    record(account, { kind: 'revoke', amount: -taken, source: grant.source, metadata, createdAt: now });
  }
  return { revoked, spent };
}
