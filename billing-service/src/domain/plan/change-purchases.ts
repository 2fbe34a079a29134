/** Rules 4, 5 and 6: what a purchase, a refund and a tier set by hand do to a plan at a moment. */
import { GIFT_TIER } from '../catalogue/catalogue.js';
import { forecast, withPromises } from './forecast.js';
import { run, runNext } from './next-piece.js';
import { fallToGift, isOf, type PaidBy, type Plan, type Purchase, runningOf, type TierOf } from './plan.js';

/** `after`: in its turn. `now`: at once, also where the present tier is the same or a higher one. */
export type Start = 'after' | 'now';

/** What is bought, or given by hand: calendar months, or a length. */
export type Bought = { tier: string; payment: PaidBy | null } & ({ months: number } | { lengthMs: number });

/** Rule 4: a higher tier begins at once and interrupts what runs; anything else waits its turn. */
export function addPurchase(
  plan: Plan,
  bought: Bought,
  at: number,
  tierOf: TierOf,
  start: Start = 'after',
): Plan {
  const added = withPurchase(withPromises(plan, tierOf), bought);
  const running = runningOf(plan);
  // On gift, and in grace (rule 8), nothing runs that could be waited for.
  if (!running || plan.graceUntil !== null) return runNext(added, at, tierOf);
  const isHigher = tierOf(bought.tier).position > tierOf(running.tier).position;
  return isHigher || start === 'now' ? runLast(added, at) : added;
}

/**
 * Rule 5: what a refunded payment bought is gone; where its piece runs, the next begins now. `instead` is what is bought
 * at that moment because of it: one choice is made among all of them, so no piece runs for a moment only.
 */
export function dropPurchase(
  plan: Plan,
  payment: PaidBy,
  at: number,
  tierOf: TierOf,
  instead: Bought[] = [],
): Plan {
  const ran = runningOf(plan);
  const left = { ...plan, purchases: plan.purchases.filter((purchase) => !isOf(purchase, payment)) };
  return ran && isOf(ran, payment)
    ? runNext(instead.reduce(withPurchase, left), at, tierOf)
    : instead.reduce((present, bought) => addPurchase(present, bought, at, tierOf), left);
}

/** Rule 6: at once, also to a lower tier, as months that nobody paid for; what was left of earlier ones is replaced. */
export function setByHand(plan: Plan, tier: string, months: number, at: number, tierOf: TierOf): Plan {
  const running = runningOf(plan);
  if (tier === GIFT_TIER) return plan.tier === GIFT_TIER ? plan : fallToGift(plan, at, tierOf);
  if (running?.tier === tier && plan.graceUntil === null) return endAfter(plan, running, months, tierOf);
  const byHand = withPurchase(withPromises(plan, tierOf), { tier, payment: null, months });
  const isKept = (purchase: Purchase) => isPaid(purchase) || purchase === byHand.purchases.at(-1);
  return runLast({ ...byHand, purchases: byHand.purchases.filter(isKept) }, at);
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
  const kept = { ...plan, purchases: rest };
  return waiting > 0 ? withPurchase(kept, { tier: running.tier, payment: null, months: waiting }) : kept;
}

const isPaid = (purchase: Purchase): boolean => purchase.payment !== null;

/** Bought last, and nothing of it has begun. */
function withPurchase(plan: Plan, bought: Bought): Plan {
  const { tier, payment } = bought;
  const order =
    plan.purchases.reduce((last, { order, piece }) => Math.max(last, order, piece?.beneath ?? 0), 0) + 1;
  const time =
    'months' in bought
      ? { waiting: bought.months, lengthMs: null }
      : { waiting: null, lengthMs: bought.lengthMs };
  const purchase: Purchase = { tier, payment, order, ...time, piece: null };
  return { ...plan, purchases: [...plan.purchases, purchase] };
}

/** The last purchase begins at once, and what runs is interrupted. */
function runLast(plan: Plan, at: number): Plan {
  const last = plan.purchases.at(-1) as Purchase;
  const purchases = plan.purchases.map((purchase) =>
    purchase.piece?.beneath === null
      ? { ...purchase, piece: { ...purchase.piece, beneath: last.order } }
      : purchase,
  );
  return run({ ...plan, purchases }, last, at);
}
