/** Refunds of parts of a payment for tokens: so many of them, several times, up to what it gave. */
import type { Account, Grant } from '../account/account.js';
import { finishChange } from '../account/change-account.js';
import type { AccountTransaction } from '../ports/ledger.js';
import { accept, type Refusal, type Result, refuse } from '../refusal.js';
import type { PartRefund, Payment } from './payment.js';

/** Paid time is no number of tokens: its months come one by one, and a part of it has no measure. */
export function refusePart(
  { product }: Pick<Payment, 'product'>,
  tokens: number | undefined,
): Refusal | null {
  if (tokens === undefined || !('tier' in product)) return null;
  const message = 'must be left out: a payment for a tier is refunded as a whole';
  return { kind: 'invalid', errors: [{ field: 'tokens', message }] };
}

/**
 * What is asked for counts, not what can be taken back at once: tokens that are held or spent are claimed, and taken when
 * they are free, or return. So whoever got the money of 80 of 100 tokens back keeps 20, in whatever order it happens.
 */
export async function refundPart(
  account: Account,
  payment: Payment,
  grants: Grant[],
  tokens: number,
  tx: AccountTransaction,
): Promise<Result<PartRefund>> {
  const refundable = payment.refundedAt === null ? givenBy(payment) - payment.refundedTokens : 0;
  if (tokens > refundable) return refuse({ kind: 'refund_exceeds_payment', refundable });
  claim(grants, tokens);
  finishChange(account, tx.now);
  const refundedTokens = payment.refundedTokens + tokens;
  const part = {
    refundedTokens,
    refundedAmount: moneyOf(payment, refundedTokens),
    refundedAt: tokens === refundable ? tx.now : null,
  };
  await tx.savePartRefund({ provider: payment.provider, paymentId: payment.paymentId }, part);
  return accept(part);
}

/**
 * A payment for tokens made one grant, which does not end. Other grants of it are tokens that came back to a user who was
 * merged: what is there is claimed first, wherever it is, and the rest of what may still return.
 */
function claim(grants: Grant[], tokens: number): void {
  let left = tokens;
  for (const grant of grants) {
    const share = Math.min(left, Math.max(0, grant.remaining - grant.toRevoke));
    grant.toRevoke += share;
    left -= share;
  }
  const given = grants.find(({ source }) => source === 'topup');
  if (given) given.toRevoke += left;
}

const givenBy = ({ answer }: Payment): number => (JSON.parse(answer) as { granted: number }).granted;

/** Pro rata, rounded down; all of it with the last token. Both are above what a double multiplies exactly. */
const moneyOf = (payment: Payment, tokens: number): number =>
  Number((BigInt(payment.amount) * BigInt(tokens)) / BigInt(givenBy(payment)));
