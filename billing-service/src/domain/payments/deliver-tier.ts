/** What a payment for a tier does, told in time or late, and what its refund undoes (rules 1, 4 and 5 of paid time). */
import type { Account } from '../account/account.js';
import { enterPlan } from '../account/enter-plan.js';
import { addPurchase, type Bought, dropPurchase } from '../plan/change-purchases.js';
import { lengthUntil, type PaidStretch } from '../plan/cut-length.js';
import type { PaidBy } from '../plan/plan.js';
import type { AccountTransaction } from '../ports/ledger.js';
import type { Payment, Product, UntilPayment } from './payment.js';

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
  const length = boughtUntil({ ...payment, tier, until: Date.parse(product.until) }, others, tx.now);
  if (!length) return { granted: 0, base: null };
  const plan = addPurchase(account.plan, length.bought, tx.now, account.tierOf);
  return { granted: enterPlan(account, plan, tx.now, tx.now), base: length.base };
}

/** What a payment until a moment buys, and from where; null where another payment's length holds its time. */
function boughtUntil(
  { tier, until, ...payment }: PaidBy & { tier: string; until: number },
  others: UntilPayment[],
  now: number,
): { base: number; bought: Bought } | null {
  const length = lengthUntil(until, now, others.filter(hasBase));
  return length && { base: length.base, bought: { tier, payment, lengthMs: length.ms } };
}

/** The time that a refunded payment bought is gone. Call it after the payment's tokens were revoked. */
export async function takeTimeBack(
  account: Account,
  payment: Payment,
  tx: AccountTransaction,
): Promise<void> {
  const { provider, paymentId } = payment;
  const again = await toldAgain(payment, tx);
  const plan = dropPurchase(account.plan, { provider, paymentId }, tx.now, account.tierOf, again);
  enterPlan(account, plan, tx.now, tx.now);
}

/** Payments whose time the refunded one's length held are as if they were told now: they were paid, too. */
async function toldAgain(payment: Payment, tx: AccountTransaction): Promise<Bought[]> {
  const { product, provider, paymentId, base } = payment;
  if (!('until' in product) || base === null) return [];
  const { tier } = product;
  const until = Date.parse(product.until);
  const others = (await tx.untilPayments(provider, tier)).filter((p) => p.paymentId !== paymentId);
  const held = others.filter((p) => p.base === null && base < p.until && p.until <= until);
  const again: Bought[] = [];
  for (const one of held.sort((a, b) => a.until - b.until)) {
    const told = { provider, paymentId: one.paymentId };
    const length = boughtUntil({ ...told, tier, until: one.until }, others, tx.now);
    if (!length) continue;
    one.base = length.base;
    await tx.setPaymentBase(told, length.base);
    again.push(length.bought);
  }
  return again;
}

const hasBase = (payment: UntilPayment): payment is UntilPayment & PaidStretch => payment.base !== null;
