import type { PaymentApplied } from '../domain/payments/apply-payment.js';
import type { ListedPayment } from '../domain/ports/listings.js';
import { toIso, toIsoOrNull } from './to-iso.js';
import { toPlanAnswer } from './to-plan-answer.js';

/** A payment as lists show it. */
export function toListedPayment({
  answer,
  createdAt,
  refundedAt,
  currency,
  amount,
  metadata,
  refundedTokens,
  refundedAmount,
}: ListedPayment) {
  const applied = answer as unknown as PaymentApplied;
  const isWhole = refundedAt !== null;
  const isTier = 'tier' in applied.product;
  return {
    ...toPlanAnswer(applied),
    currency,
    amount,
    metadata,
    createdAt: toIso(createdAt),
    refundedAt: toIsoOrNull(refundedAt),
    refundedTokens: isTier ? null : isWhole ? applied.granted : refundedTokens,
    refundedAmount: isWhole ? amount : refundedAmount,
  };
}
