/** When a delivery that failed is tried again. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LADDER_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, ...[2, 5, 10, 14, 20, 24].map((h) => h * HOUR)];
/** Only lengthens, so that what failed together does not come back together. */
const JITTER = 0.2;
const LONGEST_MS = 24 * HOUR;
export const GIVE_UP_AFTER_MS = 5 * 24 * HOUR;

/** ms to wait after so many failed tries; null: no more. `random` in 0 … 1. */
export function waitAfter(tries: number, retryAfterMs: number | null, random: number): number | null {
  const step = LADDER_MS[tries - 1];
  if (step === undefined) return null;
  const asked = Math.min(retryAfterMs ?? 0, LONGEST_MS);
  return Math.round(Math.max(step, asked) * (1 + JITTER * random));
}
