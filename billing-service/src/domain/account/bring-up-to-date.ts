/** Brings one account up to now: holds end, grants end, periods turn, each at its own moment. */
import { GIFT_TIER } from '../catalogue/catalogue.js';
import { planDueAtMs, startWaitingGift, turnPlan } from '../plan/plan.js';
import { type Account, type Grant, record } from './account.js';
import { periodEnd } from './period.js';

/**
 * Replays all that is due up to `now` in the order of due time (ties: holds, grants in burn order, the period), so the
 * result is the same whether or not a sweeper came by in between.
 */
export function bringUpToDate(account: Account, now: number): void {
  for (let at = nextDueAt(account); at <= now; at = nextDueAt(account)) {
    endHolds(account, at);
    endGrants(account, at);
    if (planDueAtMs(account.plan) <= at) turnPlan(account, at, now);
  }
  if (account.plan.tier === GIFT_TIER) startWaitingGift(account, now);
}

/** When something next happens to this account by itself; Infinity if nothing will. */
function nextDueAt(account: Account): number {
  let due = planDueAtMs(account.plan);
  for (const hold of account.holds) due = Math.min(due, hold.expiresAt);
  for (const grant of account.grants) if (grant.remaining > 0) due = Math.min(due, grant.endsAt ?? Infinity);
  return due;
}

/** The part of nextDueAt that the account row carries as next_due_at: all but the holds. */
export function nextDueWithoutHolds(account: Account): number | null {
  const due = nextDueAt({ ...account, holds: [] });
  return due === Infinity ? null : due;
}

function endHolds(account: Account, at: number): void {
  for (const hold of account.holds) {
    if (hold.expiresAt > at) continue;
    account.reserved -= hold.amount;
    account.lapsed.set(hold.id, hold.expiresAt);
  }
  account.holds = account.holds.filter((hold) => hold.expiresAt > at);
}

/**
 * When a grant ends, open holds may still count on its tokens (after those of the grants that burn before it). The
 * grant keeps just these, in its place, until the last of those holds would end; the rest expires.
 */
function endGrants(account: Account, at: number): void {
  let ahead = 0;
  for (const grant of account.grants) {
    if (grant.remaining > 0 && grant.endsAt !== null && grant.endsAt <= at)
      endGrant(account, grant, ahead, at);
    ahead += grant.remaining;
  }
}

function endGrant(account: Account, grant: Grant, ahead: number, at: number): void {
  const kept = Math.min(grant.remaining, Math.max(0, account.reserved - ahead));
  const expired = grant.remaining - kept;
  grant.remaining = kept;
  grant.ended += expired;
  if (kept > 0) grant.endsAt = Math.max(...account.holds.map((hold) => hold.expiresAt));
  if (expired > 0) record(account, { kind: 'expiry', amount: -expired, source: grant.source, createdAt: at });
}

/** The end of the current period, also where it will lapse; null before a gift user's first join. */
export const currentPeriodEnd = (account: Account): number | null =>
  account.plan.anchor === null ? null : periodEnd(account.plan.anchor, account.plan.period);
