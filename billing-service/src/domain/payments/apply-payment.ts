import { type Account, addGrant, record } from '../account/account.js';
import { finishChange } from '../account/change-account.js';
import { done, type Outcome, replay, withIdempotency } from '../account/idempotency.js';
import { type PlanView, planView } from '../account/plan-view.js';
import { GIFT_TIER } from '../catalogue/catalogue.js';
import type { Deps } from '../deps.js';
import type { PaidBy } from '../plan/plan.js';
import type { AccountTransaction, IdempotencyKey } from '../ports/ledger.js';
import { type Refusal, refuse } from '../refusal.js';
import { deliverTier } from './deliver-tier.js';
import { canonicalProvider, type Payment, type Product, withoutUsualStart } from './payment.js';

export interface PaymentInput {
  provider: string;
  paymentId: string;
  user: string;
  product: Product;
  currency: string;
  amount: number;
  /** JSON text. */
  metadata: string | null;
}

export interface PaymentApplied extends PlanView {
  provider: string;
  paymentId: string;
  user: string;
  product: Product;
  /** Tokens granted now; a tier's later months come with their periods. */
  granted: number;
}

/**
 * Applies a payment, once per (provider, paymentId), no matter how often and with which keys it is sent.
 * Refusals: payment_mismatch (the same id with other content), unknown_tier, unknown_pack, invalid.
 */
export async function applyPayment(
  deps: Deps,
  asked: PaymentInput,
  key: IdempotencyKey | undefined,
): Promise<Outcome<PaymentApplied>> {
  const input = { ...asked, provider: canonicalProvider(asked.provider) };
  const { userId } = await deps.users.ensure(input.user);
  const { provider, paymentId } = input;
  const call = { userId, key, status: 201, payment: { provider, paymentId } };
  const outcome = await withIdempotency<PaymentApplied>(deps, call, async (account, tx) => {
    const earlier = await tx.findPayment(provider, paymentId);
    if (earlier) {
      return isSame(earlier, userId, input)
        ? replay(JSON.parse(earlier.answer) as PaymentApplied)
        : refuse({ kind: 'payment_mismatch' });
    }
    const refusal = refuseProduct(deps, input.product);
    if (refusal) return refuse(refusal);
    tx.describe({ target: `${provider}/${paymentId}` });
    const { granted, base } = await deliver(deps, account, input, tx);
    finishChange(account, tx.now);
    const { user, product, currency, amount } = input;
    const answer = { provider, paymentId, user, product, granted, ...planView(account) };
    tx.tell('payment.applied', { provider, paymentId, product, currency, amount, granted });
    await tx.insertPayment({ ...paymentOf(userId, input, JSON.stringify(answer), tx.now), base });
    return done(answer);
  });
  if (outcome.ok && !outcome.replayed) deps.telemetry.paymentApplied(provider, kindOf(input.product));
  return outcome;
}

const kindOf = (product: Product) => ('tier' in product ? 'tier' : 'pack' in product ? 'pack' : 'tokens');

/** Metadata may differ between two deliveries of one payment; what was bought for how much may not. */
function isSame(earlier: Payment, userId: number, input: PaymentInput): boolean {
  const content = ({ product, currency, amount }: Payment | PaymentInput) =>
    JSON.stringify([Object.entries(withoutUsualStart(product)).sort(), currency, amount]);
  return earlier.userId === userId && content(earlier) === content(input);
}

function refuseProduct({ catalogue }: Deps, product: Product): Refusal | null {
  const { tiers, packs } = catalogue.current();
  if ('pack' in product && !packs.has(product.pack)) return { kind: 'unknown_pack', pack: product.pack };
  if (!('tier' in product)) return null;
  if (!tiers.has(product.tier)) return { kind: 'unknown_tier', tier: product.tier };
  const message = `${GIFT_TIER} is free and cannot be paid for`;
  return product.tier === GIFT_TIER
    ? { kind: 'invalid', errors: [{ field: 'product.tier', message }] }
    : null;
}

/** Returns the tokens granted now, and the payment's base (see Payment). */
async function deliver(
  { catalogue }: Deps,
  account: Account,
  { provider, paymentId, product }: PaymentInput,
  tx: AccountTransaction,
): Promise<{ granted: number; base: number | null }> {
  const payment = { provider, paymentId };
  if ('tier' in product) return deliverTier(account, payment, product, tx);
  const amount =
    'tokens' in product ? product.tokens : (catalogue.current().packs.get(product.pack)?.tokens ?? 0);
  if (amount > 0) topUp(account, amount, payment, tx.now);
  return { granted: amount, base: null };
}

function topUp(account: Account, amount: number, payment: PaidBy, now: number): void {
  addGrant(account, { source: 'topup', amount, expiresAt: null, createdAt: now, payment });
  const metadata = JSON.stringify(payment);
  record(account, { kind: 'grant', amount, source: 'topup', metadata, createdAt: now });
}

const paymentOf = (userId: number, input: PaymentInput, answer: string, now: number) => {
  const { user: reference, ...content } = input;
  const refund = { refundedAt: null, refundAnswer: null, refundedTokens: 0, refundedAmount: 0 };
  return { ...content, userId, reference, answer, createdAt: now, ...refund };
};
