import { type BillingClient, BillingError, type Payment, type PaymentRequest } from '../billing/index.js';

/** What the service answers where it has the payment with other content. */
const DIFFERS = new Set(['payment-mismatch', 'idempotency-key-reused']);

/**
 * Undefined: it was recorded before, under another description, and its thanks were said then. A subscription's end is
 * told to the second by a payment's update, and reckoned where that was lost.
 */
export async function payOnce(billing: BillingClient, body: PaymentRequest): Promise<Payment | undefined> {
  try {
    return await billing.pay(body);
  } catch (error) {
    if (!(error instanceof BillingError) || !DIFFERS.has(error.code)) throw error;
    if ((await billing.payment(body.user, body.provider, body.paymentId)) === undefined) throw error;
    return undefined;
  }
}
