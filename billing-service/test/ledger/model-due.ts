/** Rules 6 and 7: what is due happens in the order of its time. */
import { planDueAt, turnPlan } from './model-plan.js';
import {
  available,
  book,
  burnOrder,
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
    if (due.at > world.now) return;
    const before = available(user);
    due.happen();
    if (available(user) < Math.min(before, 0)) throw new Error('an ending took available below 0');
    if (user.debt > 0 && total(user) !== -user.debt) throw new Error('debt and tokens at once');
  }
}

/** Ties: holds, then grants in burn order, then the period. */
function nextDue(world: World, user: ModelUser): { at: number; happen(): void } {
  let next = { at: Number.POSITIVE_INFINITY, happen() {} };
  const offer = (at: number, happen: () => void) => {
    if (at < next.at) next = { at, happen };
  };
  for (const r of open(user)) {
    offer(r.expiresAt, () => {
      r.status = 'expired';
    });
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
