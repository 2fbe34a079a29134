/** The plan of a user who comes from elsewhere: it turns when it would have turned there. */
import { GIFT_TIER } from '../catalogue/catalogue.js';
import { piecesOf } from '../plan/cut-length.js';
import { addMonths, monthsUntil } from '../plan/months.js';
import { type PaidBy, type Plan, startGift, type TierOf } from '../plan/plan.js';
import type { ImportLine } from './import-line.js';

export function promisedPlan(line: ImportLine, payment: PaidBy, now: number, tierOf: TierOf): Plan {
  return line.tier === GIFT_TIER ? giftPlan(line, now, tierOf) : paidPlan(line, payment, now);
}

/** Where the end of the period is not said, months count from when they would have begun by the rules. */
function giftPlan(line: ImportLine, now: number, tierOf: TierOf): Plan {
  const { periodEnd, channelSubscribedAt, createdAt, tokensBalance } = line;
  const waiting = { ...NEW, tier: GIFT_TIER, channelSubscribedAt };
  const since = tierOf(GIFT_TIER).requiresChannel ? channelSubscribedAt : createdAt;
  const plan =
    periodEnd !== null
      ? { ...waiting, ...giftMonthEndingAt(periodEnd, channelSubscribedAt) }
      : startGift(waiting, Math.min(now, since ?? now), tierOf);
  if (plan.anchor === null) return plan;
  const period = periodEnd === null ? Math.max(0, monthsUntil(plan.anchor, now)) : plan.period;
  return { ...plan, period, periodGranted: tokensBalance !== null };
}

/** One purchase: its first piece runs until the period's end, and all that is after it waits (rule 1 of paid time). */
function paidPlan(line: ImportLine, payment: PaidBy, now: number): Plan {
  const { tier, channelSubscribedAt, tokensBalance } = line;
  const paidUntil = line.paidUntil ?? line.periodEnd ?? now;
  const until = line.periodEnd ?? periodEndBefore(paidUntil, now);
  const lengthMs = paidUntil - until;
  const piece = {
    tenure: 1,
    from: Math.min(now, addMonths(until, -1)),
    until,
    anchor: pieceAnchor(until, paidUntil),
    granted: tokensBalance !== null,
    beneath: null,
  };
  const waiting = lengthMs > 0 ? piecesOf(lengthMs, until) : 0;
  const purchase = { tier, payment, order: 1, waiting, lengthMs, piece };
  return { ...NEW, tier, tenure: 1, channelSubscribedAt, purchases: [purchase] };
}

const NEW: Omit<Plan, 'tier' | 'channelSubscribedAt'> = {
  tenure: 0,
  purchases: [],
  graceUntil: null,
  anchor: null,
  period: 0,
  periodGranted: false,
};

/** The next moment from which whole months lead to the end of paid time; that end itself in the last one. */
const periodEndBefore = (paidUntil: number, now: number): number =>
  addMonths(paidUntil, Math.min(0, monthsUntil(paidUntil, now) + 1));

const endsAt = (anchor: number, until: number): boolean =>
  addMonths(anchor, monthsUntil(anchor, until)) === until;

/** The latest anchor whose months end at `until` with the same day of the month, and which of them does, from 0. */
function monthEndingAt(until: number): { anchor: number; period: number } {
  // A month of 31 days is never more than two back.
  const back = [1, 2].find((n) => addMonths(addMonths(until, -n), n) === until) ?? 1;
  return { anchor: addMonths(until, -back), period: back - 1 };
}

/** A day of the month that February lacks is not lost where the join tells it. */
function giftMonthEndingAt(until: number, joinedAt: number | null): { anchor: number; period: number } {
  if (joinedAt === null || joinedAt >= until || !endsAt(joinedAt, until)) return monthEndingAt(until);
  return { anchor: joinedAt, period: monthsUntil(joinedAt, until) - 1 };
}

/** Nor where the end of paid time does. */
function pieceAnchor(until: number, paidUntil: number): number {
  const { anchor } = monthEndingAt(paidUntil);
  return endsAt(anchor, until) ? anchor : monthEndingAt(until).anchor;
}
