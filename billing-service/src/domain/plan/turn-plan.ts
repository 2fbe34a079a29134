import { GIFT_TIER } from '../catalogue/catalogue.js';
import { runNext } from './next-piece.js';
import { type Plan, runningOf, type TierOf } from './plan.js';

/**
 * What happens when the present period ends, at `at`: the next piece runs (rule 3); after the last one the tier stays
 * for its grace (rule 8), then gift begins; on gift the next month begins.
 */
export function turnPlan(plan: Plan, at: number, tierOf: TierOf): Plan {
  const running = runningOf(plan);
  if (!running) return { ...plan, period: plan.period + 1, periodGranted: false };
  const next = runNext(plan, at, tierOf);
  const graceMs = tierOf(running.tier).graceSeconds * 1000;
  const isLast = next.tier === GIFT_TIER && plan.graceUntil === null;
  return isLast && graceMs > 0 ? { ...plan, graceUntil: at + graceMs } : next;
}
