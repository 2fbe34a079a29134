import type { Start } from '../plan/change-purchases.js';
import type { PaidBy } from '../plan/plan.js';

/** What was paid for: a tier for months or until a moment (ISO, as the caller wrote it), a pack, or plain tokens. */
export type Product =
  | { tier: string; months: number; start?: Start }
  | { tier: string; until: string }
  | { pack: string }
  | { tokens: number };

/** The product without a `start: "after"`, which is what is meant where nothing is said. */
export function withoutUsualStart(product: Product): Product {
  if (!('months' in product) || product.start !== 'after') return product;
  const { start: _, ...rest } = product;
  return rest;
}

/** `-` and `_` are one sign in a provider's name: under two spellings one charge would be credited twice. */
export const canonicalProvider = (provider: string): string => provider.replaceAll('-', '_');

export interface Payment {
  provider: string;
  paymentId: string;
  userId: number;
  reference: string;
  product: Product;
  currency: string;
  /** In the currency's smallest unit; recorded, not compared with the catalogue. */
  amount: number;
  /** JSON text. */
  metadata: string | null;
  /** The first answer as JSON text; times in ms. */
  answer: string;
  createdAt: number;
  /** Where the length of a payment until a moment begins; null for all others, and where another's length holds it. */
  base: number | null;
  /** When the whole was given back. */
  refundedAt: number | null;
  refundAnswer: string | null;
  /** Of its tokens and its money what refunds of parts gave back. */
  refundedTokens: number;
  refundedAmount: number;
}

/** What of a payment is given back by refunds of parts. */
export type PartRefund = Pick<Payment, 'refundedTokens' | 'refundedAmount' | 'refundedAt'>;

/** A payment until a moment. `base` is where its length begins; null where another payment's length holds its time. */
export interface UntilPayment extends PaidBy {
  base: number | null;
  until: number;
}
