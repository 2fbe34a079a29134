/** What a payment for a tier does, told in time or late, and what its refund undoes (rules 1, 4 and 5 of paid time). */
import type { Account } from '../account/account.js';
import { enterPlan } from '../account/enter-plan.js';
import { addPurchase, dropPurchase } from '../plan/change-purchases.js';
import { lengthUntil, type PaidStretch } from '../plan/cut-length.js';
import type { PaidBy } from '../plan/plan.js';
import type { AccountTransaction, UntilPayment } from '../ports/ledger.js';
import type { Payment, Product } from './payment.js';

type TierProduct = Extract<Product, { tier: string }>;

/** Returns the tokens granted now, and the payment's base (see Payment). */
export async function deliverTier(
  account: Account,
  { provider, paymentId }: PaidBy,
  product: TierProduct,
  tx: AccountTransaction,
): Promise<{ granted: number; base: number | null }> {
  const payment = { provider, paymentId };
  const { tier } = product;
  if ('months' in product) {
    const { months, start } = product;
    const plan = addPurchase(account.plan, { tier, payment, months }, tx.now, account.tierOf, start);
    return { granted: enterPlan(account, plan, tx.now, tx.now), base: null };
  }
  const others = await tx.untilPayments(provider, tier);
  return deliverLength(account, { ...payment, tier, until: Date.parse(product.until) }, others, tx.now);
}

function deliverLength(
  account: Account,
  { tier, until, ...payment }: PaidBy & { tier: string; until: number },
  others: UntilPayment[],
  now: number,
): { granted: number; base: number | null } {
  const length = lengthUntil(until, now, others.filter(hasBase));
  if (!length) return { granted: 0, base: null };
  const plan = addPurchase(account.plan, { tier, payment, lengthMs: length.ms }, now, account.tierOf);
  return { granted: enterPlan(account, plan, now, now), base: length.base };
}

/**
 * The time that a refunded payment bought is gone. Payments whose time its length held are as if they were told now:
 * they were paid, too. Call it after the payment's tokens were revoked.
 */
export async function takeTimeBack(
  account: Account,
  payment: Payment,
  tx: AccountTransaction,
): Promise<void> {
  const { product, provider, paymentId, base } = payment;
  const paidBy = { provider, paymentId };
  const plan = dropPurchase(account.plan, paidBy, tx.now, account.tierOf);
  enterPlan(account, plan, tx.now, tx.now);
  if (!('until' in product) || base === null) return;
  const until = Date.parse(product.until);
  const others = (await tx.untilPayments(provider, product.tier)).filter((p) => p.paymentId !== paymentId);
  const held = others.filter((p) => p.base === null && base < p.until && p.until <= until);
  for (const one of held.sort((a, b) => a.until - b.until)) {
    const told = { provider, paymentId: one.paymentId, tier: product.tier, until: one.until };
    one.base = deliverLength(account, told, others, tx.now).base;
    if (one.base !== null) await tx.setPaymentBase(told, one.base);
  }
}

const hasBase = (payment: UntilPayment): payment is UntilPayment & PaidStretch => payment.base !== null;
