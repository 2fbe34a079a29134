import { addMonths } from '../account/period.js';
import { GIFT_TIER } from '../catalogue/catalogue.js';

const LONGEST_MONTH_MS = 31 * 86_400_000;

/**
 * When a user's tier will change by itself (ms since the epoch), or Infinity. A waiting purchase begins at paidUntil
 * (never before the present period); without one the tier falls to gift at the first period end ≥ paidUntil.
 */
export function tierDueAtMs(plan: {
  tier: string;
  anchor: number | null;
  period: number;
  paidUntil: number | null;
  queued: boolean;
}): number {
  const { tier, anchor, period, paidUntil, queued } = plan;
  if (tier === GIFT_TIER || paidUntil === null || anchor === null) return Number.POSITIVE_INFINITY;
  if (queued) return Math.max(paidUntil, addMonths(anchor, period));
  // No month is longer than 31 days, so this start is not past the month sought; and periods only go forward.
  let months = Math.max(period + 1, Math.floor((paidUntil - anchor) / LONGEST_MONTH_MS));
  while (addMonths(anchor, months) < paidUntil) months += 1;
  return addMonths(anchor, months);
}
