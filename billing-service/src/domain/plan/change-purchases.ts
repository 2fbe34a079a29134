/** Rules 4, 5 and 6: what a purchase, a refund and a tier set by hand do to a plan at a moment. */
import { GIFT_TIER } from '../catalogue/catalogue.js';
import { forecast } from './forecast.js';
import { run, runNext } from './next-piece.js';
import { fallToGift, isOf, type PaidBy, type Plan, type Purchase, runningOf, type TierOf } from './plan.js';

/** `after`: in its turn. `now`: at once, also where the present tier is the same or a higher one. */
export type Start = 'after' | 'now';

/** What is bought: calendar months, or a length. */
export type Bought = { tier: string; payment: PaidBy } & ({ months: number } | { lengthMs: number });

/** Rule 4: a higher tier begins at once and interrupts what runs; anything else waits its turn. */
export function addPurchase(
  plan: Plan,
  bought: Bought,
  at: number,
  tierOf: TierOf,
  start: Start = 'after',
): Plan {
  const { tier, payment } = bought;
  const time =
    'months' in bought
      ? { waiting: bought.months, lengthMs: null }
      : { waiting: null, lengthMs: bought.lengthMs };
  const purchase: Purchase = { tier, payment, ...time, piece: null };
  const added = { ...plan, purchases: [...plan.purchases, purchase] };
  const running = runningOf(plan);
  // On gift, and in grace (rule 8), nothing runs that could be waited for.
  if (!running || plan.graceUntil !== null) return runNext(added, at, tierOf);
  const isHigher = tierOf(tier).position > tierOf(running.tier).position;
  if (!isHigher && start === 'after') return added;
  return run(interrupted(added), purchase, at);
}

/** Rule 5: what a refunded payment bought is gone; where its piece runs, the next begins now. */
export function dropPurchase(plan: Plan, payment: PaidBy, at: number, tierOf: TierOf): Plan {
  const ran = runningOf(plan);
  const left = { ...plan, purchases: plan.purchases.filter((purchase) => !isOf(purchase, payment)) };
  return ran && isOf(ran, payment) ? runNext(left, at, tierOf) : left;
}

/** Rule 6: at once, also to a lower tier, as months that nobody paid for; what was left of earlier ones is replaced. */
export function setByHand(plan: Plan, tier: string, months: number, at: number, tierOf: TierOf): Plan {
  const running = runningOf(plan);
  if (tier === GIFT_TIER) return plan.tier === GIFT_TIER ? plan : fallToGift(plan, at, tierOf);
  if (running?.tier === tier && plan.graceUntil === null) return endAfter(plan, running, months, tierOf);
  const paid = interrupted(plan).purchases.filter(isPaid);
  const byHand: Purchase = { tier, payment: null, waiting: months, lengthMs: null, piece: null };
  return run({ ...plan, purchases: [...paid, byHand] }, byHand, at);
}

/**
 * The present tier by hand: its running piece stays, and as many pieces by hand wait as the tier lacks to end with the
 * period `months` − 1 after this one. What was paid for is never dropped.
 */
function endAfter(plan: Plan, running: Purchase, months: number, tierOf: TierOf): Plan {
  const paid = plan.purchases.filter((purchase) => isPaid(purchase) || purchase === running);
  const rest = paid.map((purchase) => (isPaid(purchase) ? purchase : { ...purchase, waiting: 0 }));
  const present = forecast({ ...plan, purchases: rest }, tierOf);
  const other = present.findIndex((stretch) => stretch.tier !== running.tier);
  const periods = present
    .slice(0, other < 0 ? undefined : other)
    .reduce((sum, { pieces }) => sum + pieces, 0);
  const waiting = Math.max(0, months - periods);
  if (!isPaid(running)) {
    return { ...plan, purchases: paid.map((p) => (p === running ? { ...running, waiting } : p)) };
  }
  const byHand: Purchase = { tier: running.tier, payment: null, waiting, lengthMs: null, piece: null };
  return { ...plan, purchases: waiting > 0 ? [...rest, byHand] : rest };
}

const isPaid = (purchase: Purchase): boolean => purchase.payment !== null;

const interrupted = (plan: Plan): Plan => ({
  ...plan,
  purchases: plan.purchases.map((purchase) =>
    purchase.piece ? { ...purchase, piece: { ...purchase.piece, runs: false } } : purchase,
  ),
});
