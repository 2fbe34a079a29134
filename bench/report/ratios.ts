/** Ratios of figures taken in the same round, and what they come to. */

export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** Of at least one number. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] as number;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  };
}

/** Each round's own ratio: what disturbed the machine in a round disturbed both. Undefined without a common round. */
export function pairedRatio(over: readonly number[], under: readonly number[]): Spread | undefined {
  const rounds = Math.min(over.length, under.length);
  if (rounds === 0) return undefined;
  return spreadOf(Array.from({ length: rounds }, (_, i) => (over[i] as number) / (under[i] as number)));
}
