/** Tokens; total = all not yet spent or expired, less debt; available = total − reserved (may be negative in debt). */
export interface Balance {
  available: number;
  reserved: number;
  total: number;
}

/** How many of each operation `available` buys: floor(available ÷ price), at least 0; null where the price is 0. */
export type Affordable = Record<string, number | null>;

export function affordable(available: number, prices: Readonly<Record<string, number>>): Affordable {
  const result: Affordable = {};
  for (const operation in prices) {
    const price = prices[operation] as number;
    result[operation] = price === 0 ? null : Math.max(0, Math.floor(available / price));
  }
  return result;
}

/** A balance lists so many grants, the next to burn; who has thousands is not answered with thousands of lines. */
export const MAX_SHOWN_GRANTS = 100;
