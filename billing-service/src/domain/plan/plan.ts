/** The plan of one account: which tier, since when, paid until when, and what its periods grant. */

import {
  type Account,
  addGrant,
  type Coverage,
  isLive,
  type Plan,
  type Purchase,
  payDebt,
  record,
} from '../account/account.js';
import { addMonths, addPaidMonths, periodEnd } from '../account/period.js';
import { GIFT_TIER } from '../catalogue/catalogue.js';

/** When the plan changes by itself next: the period's end, or the start of a queued tier. */
export function planDueAtMs(plan: Plan): number {
  if (plan.anchor === null) return Infinity;
  const end = periodEnd(plan.anchor, plan.period);
  return plan.queued.length > 0 ? Math.min(end, queuedStart(plan)) : end;
}

/** A queued tier begins at paidUntil, never before the present period, so that time does not run backwards. */
const queuedStart = (plan: Plan): number =>
  Math.max(plan.paidUntil ?? 0, addMonths(plan.anchor as number, plan.period));

/** What happens at `at`: a queued tier begins, a paid tier lapses to gift, or the next period begins. */
export function turnPlan(account: Account, at: number, now: number): void {
  const { plan } = account;
  const paidUp = plan.paidUntil !== null && plan.paidUntil <= at;
  if (paidUp && plan.queued.length > 0) beginQueued(account, at, now);
  else if (paidUp && plan.tier !== GIFT_TIER) beginTier(account, GIFT_TIER, at, now);
  else {
    plan.period += 1;
    plan.periodGranted = false;
    grantPeriod(account, at, now);
  }
}

/** A tier begins: a new tenure, months counted from `at`, its first period granted. Returns what that granted. */
export function beginTier(
  account: Account,
  tier: string,
  at: number,
  now: number,
  paid?: Coverage[],
  until?: number,
): number {
  const { plan } = account;
  const waits =
    tier === GIFT_TIER && account.tierOf(tier).requiresChannel && plan.channelSubscribedAt === null;
  plan.tier = tier;
  plan.tenure += 1;
  plan.anchor = waits ? null : at;
  plan.period = 0;
  plan.periodGranted = false;
  plan.coverage = paid ?? [];
  plan.paidUntil = until ?? null;
  return grantPeriod(account, at, now);
}

/** The first queued tier begins, with the time of all its queued purchases together. */
export function beginQueued(account: Account, at: number, now: number): number {
  const first = account.plan.queued[0] as Purchase;
  const mine = account.plan.queued.filter((purchase) => purchase.tier === first.tier);
  account.plan.queued = account.plan.queued.filter((purchase) => purchase.tier !== first.tier);
  const coverage = coverageOf(mine, at);
  return beginTier(account, first.tier, at, now, coverage, (coverage.at(-1) as Coverage).until);
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
export function startWaitingGift(account: Account, now: number): number {
  const { plan } = account;
  if (plan.anchor !== null) return grantPeriod(account, now, now);
  if (account.tierOf(plan.tier).requiresChannel && plan.channelSubscribedAt === null) return 0;
  plan.anchor = now;
  plan.period = 0;
  plan.periodGranted = false;
  return grantPeriod(account, now, now);
}

/**
 * Grants the current period's tokens, once, at `at`; returns how many. A period that is over when looked at only pays
 * debt. Gift grants nothing while an earlier gift grant is live, however the user came back to it.
 */
export function grantPeriod(account: Account, at: number, now: number): number {
  const { plan } = account;
  const tier = account.tierOf(plan.tier);
  if (plan.anchor === null || plan.periodGranted) return 0;
  if (tier.requiresChannel && plan.channelSubscribedAt === null) return 0;
  plan.periodGranted = true;
  if (tier.id === GIFT_TIER && account.grants.some((g) => g.tier === GIFT_TIER && isLive(g, at))) return 0;
  const end = periodEnd(plan.anchor, plan.period);
  const amount = end <= now ? Math.min(tier.monthlyTokens, account.debt) : tier.monthlyTokens;
  if (amount === 0) return 0;
  addGrant(account, {
    source: 'tier',
    amount,
    expiresAt: end,
    createdAt: at,
    tier: tier.id,
    tenure: plan.tenure,
    period: plan.period,
    payment: payerOf(plan, at),
  });
  record(account, { kind: 'grant', amount, source: 'tier', createdAt: at });
  payDebt(account);
  return amount;
}

/** The payment whose time `at` falls into, or that began at `at` with no time left; none for months set by hand. */
function payerOf(plan: Plan, at: number): { provider: string; paymentId: string } | null {
  const payer =
    plan.coverage.find(({ from, until }) => from <= at && at < until) ??
    plan.coverage.find(({ from }) => from === at);
  return payer ? { provider: payer.provider, paymentId: payer.paymentId } : null;
}
