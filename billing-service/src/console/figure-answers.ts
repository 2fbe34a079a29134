/** What the console reads of the calls that sum. */
export interface RefusalRow {
  hour: string;
  user: string | null;
  operation: string;
  code: string;
  count: number;
}

export interface RefusalSum {
  code: string;
  count: number;
  users: number;
}

export interface SalesRow {
  day?: string;
  month?: string;
  provider?: string;
  product?: string;
  currency: string;
  payments: number;
  amount: number;
  refunded: number;
  tokens: number;
  payers: number;
}
