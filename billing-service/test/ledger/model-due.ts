/** Rules 6 and 7: what is due happens in the order of its time. */
import { planDueAt, turnPlan } from './model-plan.js';
import {
  available,
  book,
  burnOrder,
  freeRevoked,
  type ModelGrant,
  type ModelUser,
  open,
  reserved,
  sum,
  total,
  type World,
} from './model-state.js';

export function bringUpToDate(world: World, user: ModelUser): void {
  for (;;) {
    const due = nextDue(world, user);
    if (due.at > world.now) break;
    const before = available(user);
    due.happen();
    if (available(user) < Math.min(before, 0)) throw new Error('an ending took available below 0');
    if (user.debt > 0 && total(user) !== -user.debt) throw new Error('debt and tokens at once');
    // Holds that end together end at once: what they free of refunded payments is taken back in one.
    const next = nextDue(world, user);
    if (!next.isHold || next.at > due.at) freeRevoked(user);
  }
  freeRevoked(user);
}

/** Ties: holds, then grants in burn order, then the period. */
function nextDue(world: World, user: ModelUser): { at: number; isHold: boolean; happen(): void } {
  let next = { at: Number.POSITIVE_INFINITY, isHold: false, happen() {} };
  const offer = (at: number, happen: () => void, isHold = false) => {
    if (at < next.at) next = { at, isHold, happen };
  };
  for (const r of open(user)) {
    offer(
      r.expiresAt,
      () => {
        r.status = 'expired';
      },
      true,
    );
  }
  for (const grant of burnOrder(user)) offer(grant.endsAt, () => end(user, grant));
  const at = planDueAt(user);
  offer(at, () => turnPlan(world, user, at));
  return next;
}

/** Held tokens survive, no others. */
function end(user: ModelUser, grant: ModelGrant): void {
  const order = burnOrder(user);
  const ahead = sum(order.slice(0, order.indexOf(grant)).map((g) => g.left));
  const kept = Math.min(grant.left, Math.max(0, reserved(user) - ahead));
  const gone = grant.left - kept;
  grant.left = kept;
  grant.ended += gone;
  if (kept > 0) grant.endsAt = Math.max(...open(user).map((r) => r.expiresAt));
  if (gone > 0) book(user, 'expiry', -gone);
}

/** The next moment at which something of this account happens by itself. */
export const nextDueAt = (world: World, user: ModelUser): number => nextDue(world, user).at;
