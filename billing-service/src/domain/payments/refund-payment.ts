import type { Account, Grant } from '../account/account.js';
import { finishChange } from '../account/change-account.js';
import { done, type Outcome, replay, withIdempotency } from '../account/idempotency.js';
import { revokeFreed } from '../account/square-up.js';
import type { Deps } from '../deps.js';
import { isOf, type PaidBy } from '../plan/plan.js';
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
  const outcome = await withIdempotency<PaymentRefunded>(deps, call, async (account, tx) => {
    const present = await tx.findPayment(provider, paymentId);
    if (present?.refundAnswer) return replay(JSON.parse(present.refundAnswer) as PaymentRefunded);
    tx.describe({ target: `${provider}/${paymentId}` });
    const mine = account.grants.filter((grant) => isOf(grant, call.payment));
    const endedBefore = endedOf(mine);
    revokeGrants(account, mine, tx.now);
    await takeTimeBack(account, present ?? payment, tx);
    finishChange(account, tx.now);
    // Counted here, for what begins now may bear holds that kept more of them.
    const revoked = endedOf(mine) - endedBefore;
    const answer = { revoked, spent: spentOf(mine), tier: account.plan.tier };
    tx.tell('payment.refunded', { provider, paymentId, ...answer });
    await tx.markPaymentRefunded(provider, paymentId, JSON.stringify(answer));
    return done(answer);
  });
  if (outcome.ok && !outcome.replayed) deps.telemetry.paymentRefunded(provider);
  return outcome;
}

/** What open holds need stays with them, and is taken back when they end. */
function revokeGrants(account: Account, mine: Grant[], now: number): void {
  for (const grant of mine) grant.revoked = true;
  revokeFreed(account, now);
}

const endedOf = (grants: Grant[]): number => grants.reduce((sum, { ended }) => sum + ended, 0);

/** Of what a payment gave. Its refund grants were given by nobody: they are tokens that were spent, and are not any more. */
const spentOf = (grants: Grant[]): number =>
  grants.reduce((sum, { source, amount, remaining, ended }) => {
    const given = source === 'refund' ? 0 : amount;
    return sum + given - remaining - ended;
  }, 0);
