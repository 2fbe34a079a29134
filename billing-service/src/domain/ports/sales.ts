export const SALES_DIMENSIONS = ['day', 'month', 'provider', 'currency', 'product'] as const;
export type SalesDimension = (typeof SALES_DIMENSIONS)[number];

export interface SalesRequest {
  /** ms since the epoch: from ≤ the payment's time < to. */
  from: number;
  to: number;
  by: readonly SalesDimension[];
  limit: number;
  skip: number;
}

/** Payments of one currency, summed. Money in the currency's smallest unit. */
export type SalesRow = Partial<Record<SalesDimension, string>> & {
  currency: string;
  payments: number;
  amount: number;
  /** Of that amount, what was given back. */
  refunded: number;
  /** Tokens given, those that were taken back later among them. */
  tokens: number;
  /** Different users. */
  payers: number;
};

export interface Sales {
  /** Times oldest first, then by currency, then the most money. */
  sum(request: SalesRequest): Promise<SalesRow[]>;
}
