/** Calendar months from an anchor, in UTC. Times in ms since the epoch. */

/** The end of the year 9999: a later moment is written in a way that Postgres does not read. */
export const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * `n` months after the anchor, the day clamped to the month's length. Always counted from the anchor, never from the
 * last result, so that the day does not drift: 31 Jan → 28 Feb → 31 Mar.
 */
export function addMonths(anchorMs: number, n: number): number {
  const anchor = new Date(anchorMs);
  const year = anchor.getUTCFullYear();
  const month = anchor.getUTCMonth() + n;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(anchor.getUTCDate(), lastDay);
  const timeOfDayMs = anchorMs - Date.UTC(year, anchor.getUTCMonth(), anchor.getUTCDate());
  return Math.min(LATEST_MS, Date.UTC(year, month, day) + timeOfDayMs);
}

/** How many months of the anchor are over at `atMs`: the greatest n with addMonths(anchor, n) ≤ at. */
export function monthsUntil(anchorMs: number, atMs: number): number {
  const anchor = new Date(anchorMs);
  const at = new Date(atMs);
  const n = (at.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + at.getUTCMonth() - anchor.getUTCMonth();
  return addMonths(anchorMs, n) <= atMs ? n : n - 1;
}
