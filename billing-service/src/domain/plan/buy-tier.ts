import type { Account, Coverage, Purchase } from '../account/account.js';
import { addMonths } from '../account/period.js';
import { GIFT_TIER } from '../catalogue/catalogue.js';
import { beginQueued, beginTier, coverageOf } from './plan.js';

/**
 * Applies a paid tier; returns the tokens granted now. A higher tier begins at once with a new period; the present
 * one is paid for longer and grants nothing now; a lower one waits for the present one's paidUntil.
 */
export function buyTier(account: Account, purchase: Purchase, now: number): number {
  const { plan } = account;
  if (purchase.tier === plan.tier) {
    extendPaid(account, purchase, now);
    return 0;
  }
  const lower = account.tierOf(purchase.tier).position < account.tierOf(plan.tier).position;
  if (lower && plan.tier !== GIFT_TIER && (plan.paidUntil ?? 0) > now) {
    plan.queued.push(purchase);
    return 0;
  }
  const coverage = coverageOf([purchase], now);
  return beginTier(account, purchase.tier, now, now, coverage, (coverage[0] as Coverage).until);
}

function extendPaid(account: Account, purchase: Purchase, now: number): void {
  const { plan } = account;
  const [stretch] = coverageOf([purchase], plan.paidUntil ?? now, plan.anchor ?? now) as [Coverage];
  plan.paidUntil = stretch.until;
  plan.coverage.push(stretch);
}

/** Sets the tier by hand, at once. The present tier keeps its period and only gets another paidUntil. */
export function putTier(account: Account, tier: string, months: number, now: number): void {
  const { plan } = account;
  if (tier === plan.tier) {
    if (tier !== GIFT_TIER && plan.anchor !== null)
      plan.paidUntil = addMonths(plan.anchor, plan.period + months);
    return;
  }
  // Gift drops what was bought ahead, too: nothing could ever start it on an account that is on gift.
  if (tier === GIFT_TIER) plan.queued = [];
  beginTier(account, tier, now, now, [], tier === GIFT_TIER ? undefined : addMonths(now, months));
}

/**
 * Ends the unused time of a refunded payment; call it after its tokens were revoked. Time paid by others stays: what
 * lay behind the refunded stretch moves up, and takes over now where the refunded stretch was the running one.
 */
export function endPaidTime(
  account: Account,
  payment: { provider: string; paymentId: string },
  now: number,
): void {
  const { plan } = account;
  const isThis = (other: { provider: string; paymentId: string }) =>
    other.provider === payment.provider && other.paymentId === payment.paymentId;
  plan.queued = plan.queued.filter((purchase) => !isThis(purchase));
  const index = plan.coverage.findIndex(isThis);
  const refunded = plan.coverage[index];
  if (!refunded) return;
  const later = plan.coverage.slice(index + 1);
  const setByHand = refunded.until <= now && (plan.paidUntil ?? 0) > now;
  if (setByHand || later.some((stretch) => stretch.from <= now)) {
    // Its time is over; another payment pays for the present.
    plan.coverage.splice(index, 1);
  } else if (refunded.from > now) {
    const moved = coverageOf(later, refunded.from, plan.anchor ?? refunded.from);
    plan.coverage = [...plan.coverage.slice(0, index), ...moved];
    plan.paidUntil = moved.at(-1)?.until ?? refunded.from;
  } else if (later.length > 0) {
    const coverage = coverageOf(later, now);
    beginTier(account, plan.tier, now, now, coverage, coverage.at(-1)?.until);
  } else if (plan.queued.length > 0) beginQueued(account, now, now);
  else beginTier(account, GIFT_TIER, now, now);
}
