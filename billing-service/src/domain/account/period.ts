/** Calendar months from an anchor, in UTC. */

/** The end of the year 9999 (ms since the epoch): Postgres cannot read how JavaScript writes a later moment. */
export const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * `n` months after the anchor, the day clamped to the month's length. Always counted from the anchor, never from the
 * last result, so that the day does not drift: 31 Jan → 28 Feb → 31 Mar. Times in ms since the epoch.
 */
export function addMonths(anchorMs: number, n: number): number {
  const anchor = new Date(anchorMs);
  const year = anchor.getUTCFullYear();
  const month = anchor.getUTCMonth() + n;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(anchor.getUTCDate(), lastDay);
  const timeOfDayMs = anchorMs - Date.UTC(year, anchor.getUTCMonth(), anchor.getUTCDate());
  return Date.UTC(year, month, day) + timeOfDayMs;
}

/** The end of period `period` (counted from 0), which is the start of the next. */
export const periodEnd = (anchorMs: number, period: number): number => addMonths(anchorMs, period + 1);

/**
 * Paid time lengthened by whole months. If `until` is one of the anchor's own days, so is the result (28 Feb + 1 month
 * with an anchor on the 31st is 31 Mar); otherwise `until` is a moment that a payment named, and its own day counts.
 * Never past LATEST_MS.
 */
export function addPaidMonths(anchorMs: number, untilMs: number, months: number): number {
  const anchor = new Date(anchorMs);
  const until = new Date(untilMs);
  const n =
    (until.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + until.getUTCMonth() - anchor.getUTCMonth();
  const onAnchor = addMonths(anchorMs, n) === untilMs;
  return Math.min(LATEST_MS, onAnchor ? addMonths(anchorMs, n + months) : addMonths(untilMs, months));
}
