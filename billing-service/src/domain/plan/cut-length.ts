/** Rule 1: a purchase is a length of paid time, and a length is cut into months from its start. */
import { addMonths, LATEST_MS, monthsUntil } from './months.js';
import type { Purchase } from './plan.js';

const DAY_MS = 86_400_000;
/** A last piece that is shorter belongs to the one before it: 30 days are one piece in every month of the year. */
const SHORTEST_MS = 15 * DAY_MS;
/** What a payment buys that is told after its own end. */
const LATE_MS = 30 * DAY_MS;

/** The time that another payment, of the same provider and tier and not refunded, was for. */
export interface PaidStretch {
  base: number;
  until: number;
}

/**
 * What a payment `until` a moment buys, told at `now`: the time from its base to that moment. Null where another
 * payment's length holds that moment already. The base itself is outside: there another payment's time ends.
 */
export function lengthUntil(
  until: number,
  now: number,
  others: PaidStretch[],
): { base: number; ms: number } | null {
  if (others.some((other) => other.base < until && until <= other.until)) return null;
  if (until <= now) return { base: now, ms: LATE_MS };
  const ends = others.map((other) => other.until).filter((end) => end < until);
  const base = Math.max(now, ...ends);
  return { base, ms: until - base };
}

/** Into how many pieces a length is cut that begins at `at`. */
export function piecesOf(lengthMs: number, at: number): number {
  const end = Math.min(LATEST_MS, at + lengthMs);
  const months = monthsUntil(at, end);
  const restMs = end - addMonths(at, months);
  return Math.max(1, restMs < SHORTEST_MS ? months : months + 1);
}

/** The pieces of a purchase that wait, were the first of them to begin at `at`. */
export const waitingAt = ({ waiting, lengthMs }: Purchase, at: number): number =>
  waiting ?? piecesOf(lengthMs ?? 0, at);

/**
 * The end of the first of `pieces` that a length of `lengthMs` is cut into: a month of its anchor, the last one all that
 * is left. Months that were longer than at the first cut leave the later pieces no less than the shortest.
 */
export function firstPieceEnd(lengthMs: number, pieces: number, anchor: number, at: number): number {
  if (pieces === 1) return Math.min(LATEST_MS, at + lengthMs);
  const month = addMonths(anchor, monthsUntil(anchor, at) + 1);
  return Math.min(month, at + lengthMs - (pieces - 1) * SHORTEST_MS);
}
