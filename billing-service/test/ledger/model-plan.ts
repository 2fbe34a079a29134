/** Periods and tiers, from the rules "Periods" and "Changing tier". */
import { monthsAfter, paidMonthsAfter } from './model-months.js';
import { addGrant, book, type ModelUser, payDebt, type Stretch, tierOf, type World } from './model-state.js';

export const GIFT = 'gift';

export const periodKey = (user: ModelUser): string => `${user.tenure}/${user.period}`;
export const periodEnd = (user: ModelUser): number | null =>
  user.anchor === null ? null : monthsAfter(user.anchor, user.period + 1);

/** When the plan turns by itself next. A queued tier begins at paidUntil, never before the present period did. */
export function planDueAt(user: ModelUser): number {
  if (user.anchor === null) return Number.POSITIVE_INFINITY;
  const end = periodEnd(user) as number;
  if (user.queued.length === 0) return end;
  return Math.min(end, Math.max(user.paidUntil as number, monthsAfter(user.anchor, user.period)));
}

export function turnPlan(world: World, user: ModelUser, at: number): void {
  const paidUp = user.paidUntil !== null && user.paidUntil <= at;
  if (paidUp && user.queued.length > 0) beginQueued(world, user, at);
  else if (paidUp) beginTier(world, user, GIFT, at);
  else {
    user.period += 1;
    user.periodGranted = false;
    grantPeriod(world, user, at);
  }
}

export function beginTier(world: World, user: ModelUser, tier: string, at: number): number {
  const asksChannel = world.tiers.get(tier)?.requiresChannel;
  user.tier = tier;
  user.tenure += 1;
  user.anchor = tier === GIFT && asksChannel && !user.joined ? null : at;
  user.period = 0;
  user.periodGranted = false;
  user.paidUntil = null;
  user.coverage = [];
  return grantPeriod(world, user, at);
}

/** The time that was bought, one purchase after the other. */
export function cover(start: number, anchor: number, bought: Stretch[]): ModelUser['coverage'] {
  let from = start;
  return bought.map(({ payment, months, until }) => {
    const to = months === undefined ? (until as number) : paidMonthsAfter(anchor, from, months);
    const stretch = { payment, ...(months === undefined ? { until: to } : { months }), from, to };
    from = to;
    return stretch;
  });
}

/** A tier begins that was paid for; its first grant belongs to the payment. */
export function beginPaid(
  world: World,
  user: ModelUser,
  tier: string,
  at: number,
  bought: Stretch[],
): number {
  const granted = beginTier(world, user, tier, at);
  user.coverage = cover(at, at, bought);
  user.paidUntil = user.coverage.at(-1)?.to ?? null;
  const first = user.grants.find((g) => g.source === 'tier' && g.period === periodKey(user));
  const payer = user.coverage[0]?.payment;
  if (first && payer) first.payment = payer;
  return granted;
}

/** All queued purchases of the first one's tier begin together. */
export function beginQueued(world: World, user: ModelUser, at: number): void {
  const tier = user.queued[0]?.tier as string;
  const bought = user.queued.filter((q) => q.tier === tier);
  user.queued = user.queued.filter((q) => q.tier !== tier);
  beginPaid(world, user, tier, at, bought);
}

/** Once a period, while the channel is joined where the tier asks for that. Returns what was granted. */
export function grantPeriod(world: World, user: ModelUser, at: number): number {
  const tier = tierOf(world, user);
  if (user.anchor === null || user.periodGranted) return 0;
  if (tier.requiresChannel && !user.joined) return 0;
  user.periodGranted = true;
  if (user.tier === GIFT && user.grants.some((g) => g.tier === GIFT && g.expiresAt > at)) return 0;
  const expiresAt = periodEnd(user) as number;
  const missed = expiresAt <= world.now;
  const amount = missed ? Math.min(tier.monthlyTokens, user.debt) : tier.monthlyTokens;
  if (amount === 0) return 0;
  const grant = addGrant(user, { source: 'tier', amount, expiresAt, tier: tier.id, period: periodKey(user) });
  const payer = user.coverage.find((stretch) => stretch.from <= at && at < stretch.to);
  if (payer) grant.payment = payer.payment;
  book(user, 'grant', amount);
  payDebt(user);
  return amount;
}
