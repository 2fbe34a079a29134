/** The plan of one account: which tier, since when, paid until when, and what its periods grant. */
import { GIFT_TIER } from '../catalogue/catalogue.js';
import { addMonths, addPaidMonths, periodEnd } from '../account/period.js';
import {
  addGrant,
  type Coverage,
  isLive,
  type Plan,
  type Purchase,
  type Purse,
  payDebt,
  record,
} from '../account/purse.js';

/** When the plan changes by itself next: the period's end, or the start of a queued tier. */
export function isPlanDueAt(plan: Plan): number {
  if (plan.anchor === null) return Infinity;
  const end = periodEnd(plan.anchor, plan.period);
  return plan.queued.length > 0 ? Math.min(end, queuedStart(plan)) : end;
}

/** A queued tier begins at paidUntil, never before the present period, so that time does not run backwards. */
const queuedStart = (plan: Plan): number =>
  Math.max(plan.paidUntil ?? 0, addMonths(plan.anchor as number, plan.period));

/** What happens at `at`: a queued tier begins, a paid tier lapses to gift, or the next period begins. */
export function turnPlan(p: Purse, at: number, now: number): void {
  const { plan } = p;
  const paidUp = plan.paidUntil !== null && plan.paidUntil <= at;
  if (paidUp && plan.queued.length > 0) beginQueued(p, at, now);
  else if (paidUp && plan.tier !== GIFT_TIER) beginTier(p, GIFT_TIER, at, now);
  else {
    plan.period += 1;
    plan.periodGranted = false;
    grantPeriod(p, at, now);
  }
}

/** A tier begins: a new tenure, months counted from `at`, its first period granted. Returns what that granted. */
export function beginTier(
  p: Purse,
  tier: string,
  at: number,
  now: number,
  paid?: Coverage[],
  until?: number,
): number {
  const { plan } = p;
  const waits = tier === GIFT_TIER && p.tierOf(tier).requiresChannel && plan.channelSubscribedAt === null;
  plan.tier = tier;
  plan.tenure += 1;
  plan.anchor = waits ? null : at;
  plan.period = 0;
  plan.periodGranted = false;
  plan.coverage = paid ?? [];
  plan.paidUntil = until ?? null;
  return grantPeriod(p, at, now);
}

/** The first queued tier begins, with the time of all its queued purchases together. */
export function beginQueued(p: Purse, at: number, now: number): number {
  const first = p.plan.queued[0] as Purchase;
  const mine = p.plan.queued.filter((purchase) => purchase.tier === first.tier);
  p.plan.queued = p.plan.queued.filter((purchase) => purchase.tier !== first.tier);
  const coverage = coverageOf(mine, at);
  return beginTier(p, first.tier, at, now, coverage, (coverage.at(-1) as Coverage).until);
}

/** What was paid, one stretch after the other from `start`; months are counted from `anchor`. */
export function coverageOf(
  paid: (Omit<Purchase, 'tier'> | Coverage)[],
  start: number,
  anchor = start,
): Coverage[] {
  let from = start;
  return paid.map(({ provider, paymentId, months, until }) => {
    const end = months === undefined ? (until as number) : addPaidMonths(anchor, from, months);
    const stretch = { provider, paymentId, from, until: end, ...(months === undefined ? {} : { months }) };
    from = end;
    return stretch;
  });
}

/** Gift whose channel is joined (or not asked for) begins its months at the first sight of that. */
export function startWaitingGift(p: Purse, now: number): number {
  const { plan } = p;
  if (plan.anchor !== null) return grantPeriod(p, now, now);
  if (p.tierOf(plan.tier).requiresChannel && plan.channelSubscribedAt === null) return 0;
  plan.anchor = now;
  plan.period = 0;
  plan.periodGranted = false;
  return grantPeriod(p, now, now);
}

/**
 * Grants the current period's tokens, once, at `at`; returns how many. A period that is over when settled only pays
 * debt. Gift grants nothing while an earlier gift grant is live, however the user came back to it.
 */
export function grantPeriod(p: Purse, at: number, now: number): number {
  const { plan } = p;
  const tier = p.tierOf(plan.tier);
  if (plan.anchor === null || plan.periodGranted) return 0;
  if (tier.requiresChannel && plan.channelSubscribedAt === null) return 0;
  plan.periodGranted = true;
  if (tier.id === GIFT_TIER && p.grants.some((g) => g.tier === GIFT_TIER && isLive(g, at))) return 0;
  const end = periodEnd(plan.anchor, plan.period);
  const amount = end <= now ? Math.min(tier.monthlyTokens, p.debt) : tier.monthlyTokens;
  if (amount === 0) return 0;
  addGrant(p, {
    source: 'tier',
    amount,
    expiresAt: end,
    createdAt: at,
    tier: tier.id,
    tenure: plan.tenure,
    period: plan.period,
    payment: payerOf(plan, at),
  });
  record(p, { kind: 'grant', amount, source: 'tier', createdAt: at });
  payDebt(p);
  return amount;
}

/** The payment whose time `at` falls into, or that began at `at` with no time left; none for months set by hand. */
function payerOf(plan: Plan, at: number): { provider: string; paymentId: string } | null {
  const payer =
    plan.coverage.find(({ from, until }) => from <= at && at < until) ??
    plan.coverage.find(({ from }) => from === at);
  return payer ? { provider: payer.provider, paymentId: payer.paymentId } : null;
}
