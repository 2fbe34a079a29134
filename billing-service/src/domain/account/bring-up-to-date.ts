/** Brings one account up to now: holds end, grants end, periods turn, each at its own moment. */
import { GIFT_TIER } from '../catalogue/catalogue.js';
import { planDueAt } from '../plan/plan.js';
import { turnPlan } from '../plan/turn-plan.js';
import { type Account, type Grant, type Hold, record } from './account.js';
import { enterPlan, startWaitingGift } from './enter-plan.js';
import { holdsRevoked, revokeFreed } from './square-up.js';

/**
 * Replays all that is due up to `now` in the order of due time (ties: holds, grants in burn order, the period), so the
 * result is the same whether or not a sweeper came by in between. The end of a hold alone changes nothing but what is
 * reserved, so only grants and periods need a moment of their own: thousands of holds end in one pass. Unless they hold
 * tokens of a refunded payment, which are taken back when they end.
 */
export function bringUpToDate(account: Account, now: number): void {
  account.holds.sort(latestEndFirst);
  for (let at = nextDueAt(account); at <= now; at = nextDueAt(account)) {
    endHolds(account, at);
    revokeFreed(account, at);
    endGrants(account, at);
    if (planDueAt(account.plan) <= at) {
      if (account.plan.tier !== GIFT_TIER) account.turned += 1;
      enterPlan(account, turnPlan(account.plan, at, account.tierOf), at, now);
      revokeFreed(account, at);
    }
  }
  endHolds(account, now);
  if (account.plan.tier === GIFT_TIER) startWaitingGift(account, now);
  revokeFreed(account, now);
}

/** The next moment at which something must happen of itself; the holds are in their order. */
function nextDueAt(account: Account): number {
  const due = dueAtWithoutHolds(account);
  return holdsRevoked(account) ? Math.min(due, account.holds.at(-1)?.expiresAt ?? Infinity) : due;
}

/** When a grant ends or the plan turns next; Infinity if nothing will by itself. */
function dueAtWithoutHolds(account: Account): number {
  let due = Math.min(planDueAt(account.plan), account.unread?.from.expiresAt ?? Infinity);
  for (const grant of account.grants) if (grant.remaining > 0) due = Math.min(due, grant.endsAt ?? Infinity);
  return due;
}

/** The same as the account row carries it, as next_due_at. The end of a hold that frees nothing is no business of it. */
export function nextDueOf(account: Account): number | null {
  const due = nextDueAt(account);
  return due === Infinity ? null : due;
}

/** When the first of the open holds ends; null without any. */
export const firstHoldEnd = (account: Account): number | null =>
  account.holds.reduce<number | null>((first, hold) => Math.min(first ?? Infinity, hold.expiresAt), null);

/** The next to end is the last one, where it costs nothing to take it away. */
const latestEndFirst = (a: Hold, b: Hold): number => b.expiresAt - a.expiresAt;

/** Those of `account.holds`, which are in that order, that are over at `at`. */
function endHolds(account: Account, at: number): void {
  for (let hold = account.holds.at(-1); hold && hold.expiresAt <= at; hold = account.holds.at(-1)) {
    account.holds.pop();
    account.reserved -= hold.amount;
    account.lapsed += 1;
  }
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
  if (kept > 0) grant.endsAt = (account.holds[0] as Hold).expiresAt;
  if (expired > 0) record(account, { kind: 'expiry', amount: -expired, source: grant.source, createdAt: at });
}
