import type { Account, Grant } from '../account/account.js';
import { finishChange } from '../account/change-account.js';
import { done, type Outcome, replay, withIdempotency } from '../account/idempotency.js';
import { revokeFreed } from '../account/square-up.js';
import type { Deps } from '../deps.js';
import { isOf, type PaidBy } from '../plan/plan.js';
import type { AccountTransaction, IdempotencyKey } from '../ports/ledger.js';
import { refuse } from '../refusal.js';
import { takeTimeBack } from './deliver-tier.js';
import { canonicalProvider, type Payment } from './payment.js';
import { refundPart, refusePart } from './refund-part.js';

export interface PaymentRefunded {
  /** Tokens taken back. */
  revoked: number;
  /** Tokens of what the payment gave that were spent. */
  spent: number;
  /** The user's tier now. */
  tier: string;
}

export interface PaymentRefund extends PaidBy {
  /** So many of its tokens; absent: all of it. */
  tokens?: number | undefined;
}

/**
 * Takes back what is unspent of what a payment gave, and ends its unused paid time. Held tokens stay held.
 * Refusals: unknown_payment; for a part of it also invalid and refund_exceeds_payment. A second refund of the whole gets the
 * first one's answer; a part is one more, unless its key says otherwise.
 */
export async function refundPayment(
  deps: Deps,
  asked: PaymentRefund,
  key: IdempotencyKey | undefined,
): Promise<Outcome<PaymentRefunded>> {
  const { paymentId, tokens } = asked;
  const provider = canonicalProvider(asked.provider);
  const payment = await deps.ledger.findPayment(provider, paymentId);
  if (!payment) return refuse({ kind: 'unknown_payment', provider, paymentId });
  const refusal = refusePart(payment, tokens);
  if (refusal) return refuse(refusal);
  // Of a user who was erased.
  if (payment.reference === '') return refuse({ kind: 'unknown_payment', provider, paymentId });
  const { userId } = payment;
  const call = { userId, key, status: 200, payment: { provider, paymentId } };
  const outcome = await withIdempotency<PaymentRefunded>(deps, call, async (account, tx) => {
    const present = (await tx.findPayment(provider, paymentId)) ?? payment;
    const mine = account.grants.filter((grant) => isOf(grant, call.payment));
    tx.describe({ target: `${provider}/${paymentId}` });
    return tokens === undefined
      ? refundWhole(account, present, mine, tx)
      : refundSome(account, present, mine, tokens, tx);
  });
  if (outcome.ok && !outcome.replayed) deps.telemetry.paymentRefunded(provider);
  return outcome;
}

async function refundWhole(account: Account, payment: Payment, mine: Grant[], tx: AccountTransaction) {
  if (payment.refundAnswer) return replay(JSON.parse(payment.refundAnswer) as PaymentRefunded);
  // Its last part went back already.
  if (payment.refundedAt !== null) return replay({ revoked: 0, ...whatIsLeft(account, mine) });
  const { provider, paymentId } = payment;
  const endedBefore = endedOf(mine);
  revokeGrants(account, mine, tx.now);
  await takeTimeBack(account, payment, tx);
  finishChange(account, tx.now);
  // Counted here, for what begins now may bear holds that kept more of them.
  const answer = { revoked: endedOf(mine) - endedBefore, ...whatIsLeft(account, mine) };
  tx.tell('payment.refunded', { provider, paymentId, ...answer });
  await tx.markPaymentRefunded(provider, paymentId, JSON.stringify(answer));
  return done(answer);
}

async function refundSome(
  account: Account,
  payment: Payment,
  mine: Grant[],
  tokens: number,
  tx: AccountTransaction,
): Promise<Outcome<PaymentRefunded>> {
  const { provider, paymentId } = payment;
  const endedBefore = endedOf(mine);
  const part = await refundPart(account, payment, mine, tokens, tx);
  if (!part.ok) return part;
  const answer = { revoked: endedOf(mine) - endedBefore, ...whatIsLeft(account, mine) };
  tx.tell('payment.refunded', { provider, paymentId, tokens, ...answer });
  return done(answer);
}

const whatIsLeft = (account: Account, mine: Grant[]) => ({ spent: spentOf(mine), tier: account.plan.tier });

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
