/** Brings one account up to now: holds end, grants end, periods turn, each at its own moment. */
import { GIFT_TIER } from '../catalogue/catalogue.js';
import { periodEnd } from './period.js';
import { isPlanDueAt, startWaitingGift, turnPlan } from '../plan/plan.js';
import { type Grant, type Purse, record } from './purse.js';

/**
 * Replays all that is due up to `now` in the order of due time (ties: holds, grants in burn order, the period), so
 * that the result is the same whether a sweeper came by in between or nobody did.
 */
export function settle(p: Purse, now: number): void {
  for (let at = nextDueAt(p); at <= now; at = nextDueAt(p)) {
    endHolds(p, at);
    endGrants(p, at);
    if (isPlanDueAt(p.plan) <= at) turnPlan(p, at, now);
  }
  if (p.plan.tier === GIFT_TIER) startWaitingGift(p, now);
}

/** When something of this account happens by itself next; Infinity where nothing will. */
function nextDueAt(p: Purse): number {
  let due = isPlanDueAt(p.plan);
  for (const hold of p.holds) due = Math.min(due, hold.expiresAt);
  for (const grant of p.grants) if (grant.remaining > 0) due = Math.min(due, grant.endsAt ?? Infinity);
  return due;
}

/** The part of nextDueAt that the account row carries as next_due_at: all but the holds. */
export function nextDueBesidesHolds(p: Purse): number | null {
  const due = nextDueAt({ ...p, holds: [] });
  return due === Infinity ? null : due;
}

function endHolds(p: Purse, at: number): void {
  for (const hold of p.holds) {
    if (hold.expiresAt > at) continue;
    p.reserved -= hold.amount;
    p.lapsed.set(hold.id, hold.expiresAt);
  }
  p.holds = p.holds.filter((hold) => hold.expiresAt > at);
}

/**
 * A grant that ends keeps what open holds still count on (tokens of grants ahead of it serve them first), in its
 * place, until the last of those holds would end; the rest expires. So held tokens survive, and no others.
 */
function endGrants(p: Purse, at: number): void {
  let ahead = 0;
  for (const grant of p.grants) {
    if (grant.remaining > 0 && grant.endsAt !== null && grant.endsAt <= at) endGrant(p, grant, ahead, at);
    ahead += grant.remaining;
  }
}

function endGrant(p: Purse, grant: Grant, ahead: number, at: number): void {
  const kept = Math.min(grant.remaining, Math.max(0, p.reserved - ahead));
  const expired = grant.remaining - kept;
  grant.remaining = kept;
  grant.ended += expired;
  if (kept > 0) grant.endsAt = Math.max(...p.holds.map((hold) => hold.expiresAt));
  if (expired > 0) record(p, { kind: 'expiry', amount: -expired, source: grant.source, createdAt: at });
}

/** The end of the current period, also where it will lapse; null before a gift user's first join. */
export const currentPeriodEnd = (p: Purse): number | null =>
  p.plan.anchor === null ? null : periodEnd(p.plan.anchor, p.plan.period);
