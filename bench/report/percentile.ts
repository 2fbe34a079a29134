/** The smallest of `values` that `share` (0–1) of them do not exceed; NaN of none. Sorts a copy. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
