/** A user's periods and what they grant: gift's months here, paid time by the model of paid time. */
import { live, nextMoment, runs } from '../domain/plan/model.js';
import { stretches } from '../domain/plan/model-future.js';
import { monthsAfter } from './model-months.js';
import { addGrant, book, type ModelUser, payDebt, tierOf, type World } from './model-state.js';

export const GIFT = 'gift';

/** Names the present period: a piece or the grace after it by its number, a month of gift by its time and its number. */
export function periodKey(user: ModelUser): string {
  const piece = runs(user.paid);
  if (piece && user.paid.graceUntil !== null) return `grace ${piece.number}`;
  return piece ? `piece ${piece.number}` : `gift ${user.gift.times} ${user.gift.month}`;
}

/** When the plan turns by itself next. */
export function planDueAt(user: ModelUser): number {
  const { anchor, month } = user.gift;
  if (user.tier !== GIFT) return nextMoment(user.paid);
  return anchor === null ? Number.POSITIVE_INFINITY : monthsAfter(anchor, month + 1);
}

export const periodEnd = (user: ModelUser): number | null => {
  const at = planDueAt(user);
  return Number.isFinite(at) ? at : null;
};

export function turnPlan(world: World, user: ModelUser, at: number): void {
  if (user.tier === GIFT) user.gift.month += 1;
  else changePaid(world, user, at, () => live(user.paid, at));
  grantPeriod(world, user, at);
}

/** Something happens to paid time; where none is left, gift begins. Returns what the period grants now. */
export function changePaid(world: World, user: ModelUser, at: number, change: () => void): number {
  change();
  const { tier } = user.paid;
  if (tier === GIFT && user.tier !== GIFT) {
    const waits = world.tiers.get(GIFT)?.requiresChannel && !user.joined;
    user.gift = { anchor: waits ? null : at, month: 0, times: user.gift.times + 1 };
  } else if (tier !== GIFT) user.gift = { ...user.gift, anchor: null, month: 0 };
  user.tier = tier;
  return grantPeriod(world, user, at);
}

/** Once a period, while the channel is joined where the tier asks for that. Returns what was granted. */
export function grantPeriod(world: World, user: ModelUser, at: number): number {
  const tier = tierOf(world, user);
  const expiresAt = periodEnd(user);
  const period = periodKey(user);
  if (expiresAt === null || user.granted.has(period) || user.paid.graceUntil !== null) return 0;
  if (tier.requiresChannel && !user.joined) return 0;
  user.granted.add(period);
  if (user.tier === GIFT && user.grants.some((g) => g.tier === GIFT && g.expiresAt > at)) return 0;
  const missed = expiresAt <= world.now;
  const amount = missed ? Math.min(tier.monthlyTokens, user.debt) : tier.monthlyTokens;
  if (amount === 0) return 0;
  const payment = runs(user.paid)?.payment;
  const grant = { source: 'tier', amount, expiresAt, tier: tier.id, period };
  addGrant(user, payment ? { ...grant, payment } : grant);
  book(user, 'grant', amount);
  payDebt(user);
  return amount;
}

/** The plan as answers tell it. */
export function planTimes(user: ModelUser) {
  const all = stretches(user.paid);
  const other = all.findIndex(({ tier }) => tier !== user.tier);
  return {
    periodEnd: periodEnd(user),
    paidUntil: all.at(other < 0 ? -1 : other - 1)?.until ?? null,
    upcoming: all.slice(1).map(({ pieces: _, payment, ...stretch }) => ({
      ...stretch,
      payment: payment === null ? null : { provider: 'model', paymentId: payment },
    })),
  };
}
