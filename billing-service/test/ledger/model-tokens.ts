/** Reserve, commit, refund, extend and grant on a settled account: rules 8 to 12. */

import type { CallOf } from './call.js';
import { allowedTo } from './model-overrides.js';
import { periodEnd, periodKey } from './model-plan.js';
import { commitReceipt, receiptFor, receiptOfAmount } from './model-receipts.js';
import {
  type Answer,
  addGrant,
  affordable,
  again,
  available,
  balance,
  book,
  burn,
  freeRevoked,
  type ModelReservation,
  type ModelUser,
  no,
  open,
  payDebt,
  type World,
  yes,
} from './model-state.js';

const DAY_MS = 24 * 60 * 60 * 1000;

export function reserve(world: World, user: ModelUser, call: CallOf<'reserve'>): Answer {
  const { operation, units, model } = call;
  const quantity = call.amount === undefined ? call.quantity : 1;
  const receipt =
    call.amount === undefined
      ? receiptFor(world, { operation, set: world.set, quantity, units, model })
      : receiptOfAmount(world.set, call.amount);
  const amount = receipt.total;
  const { maxOpenReservations: most } = allowedTo(world, user);
  if (most !== null && open(user).length >= most) {
    return no('too_many_open_reservations', { maxOpenReservations: most });
  }
  if (available(user) < amount) {
    return no('insufficient_tokens', { cost: amount, available: available(user) });
  }
  const expiresAt = world.now + call.ttlSeconds * 1000;
  user.reservations.push({
    label: call.label,
    operation: call.operation,
    amount,
    createdAt: world.now,
    expiresAt,
    status: 'open',
    asked: 0,
    charged: 0,
    refundedTotal: 0,
    parts: [],
    ...{ set: world.set, quantity, units, model, held: receipt },
  });
  return yes({
    reservationId: call.label,
    user: user.name,
    operation: call.operation,
    amount,
    status: 'open',
    expiresAt,
    receipt,
    balance: balance(user),
    affordable: affordable(world, user),
  });
}

export function commit(world: World, user: ModelUser, r: ModelReservation, call: CallOf<'commit'>): Answer {
  const receipt = commitReceipt(world, r, call);
  const asked = receipt.total;
  if (r.status === 'committed' && r.asked === asked) return again(r.answer as object);
  if (r.status === 'committed' || r.status === 'refunded') {
    return no('reservation_settled', { status: r.status });
  }
  const late = r.status === 'expired';
  const hold = late ? 0 : r.amount;
  const most = hold + Math.max(0, available(user) + allowedTo(world, user).overdraft);
  const charged = Math.min(asked, most);
  if (late && charged === 0) return no('reservation_expired');
  const parts = burn(user, charged);
  for (const [grant, tokens] of parts) if (grant === null) user.debt += tokens;
  user.spent += charged;
  if (asked > 0) book(user, 'charge', 0 - charged, asked - charged);
  Object.assign(r, { status: 'committed', asked, charged, parts });
  freeRevoked(user);
  r.answer = {
    reservationId: r.label,
    user: user.name,
    operation: r.operation,
    status: 'committed',
    reserved: r.amount,
    amount: charged,
    released: Math.max(0, r.amount - charged),
    uncollected: asked - charged,
    late,
    receipt,
    balance: balance(user),
    affordable: affordable(world, user),
  };
  return yes(r.answer);
}

export function refund(world: World, user: ModelUser, r: ModelReservation, call: CallOf<'refund'>): Answer {
  const answer = (refunded: number) =>
    yes({
      reservationId: r.label,
      status: r.status,
      refunded,
      refundedTotal: r.refundedTotal,
      balance: balance(user),
    });
  if (r.status === 'expired') return no('reservation_expired');
  if (r.status === 'refunded') return answer(0);
  if (r.status === 'open') {
    if (call.amount !== undefined && call.amount !== r.amount) return no('invalid');
    Object.assign(r, { status: 'refunded', refundedTotal: r.amount });
    freeRevoked(user);
    return answer(r.amount);
  }
  const left = r.charged - r.refundedTotal;
  const wanted = call.amount ?? left;
  // All given back already is no error, but more than was ever charged is.
  if (wanted > r.charged || (left > 0 && wanted > left)) {
    return no('refund_exceeds_commit', { refundable: left });
  }
  const refunded = Math.min(wanted, left);
  if (refunded > 0) giveBack(world, user, r, refunded);
  return answer(refunded);
}

/** Rule 10: from the last part backwards, as if less had been charged. */
function giveBack(world: World, user: ModelUser, r: ModelReservation, tokens: number): void {
  let wanted = tokens;
  let takenBack = 0;
  for (const part of r.parts.toReversed()) {
    const n = Math.min(part[1], wanted);
    part[1] -= n;
    wanted -= n;
    const grant = user.grants.find((g) => g.id === part[0]);
    if (n === 0) continue;
    if (!grant) {
      const lowered = Math.min(n, user.debt);
      user.debt -= lowered;
      if (n > lowered) addGrant(user, { source: 'refund', amount: n - lowered, expiresAt: Infinity });
    } else if (grant.revoked) takenBack += n;
    else {
      const claimed = Math.min(n, grant.claimed ?? 0);
      if (grant.claimed) grant.claimed -= claimed;
      grant.ended += claimed;
      takenBack += claimed;
      if (grant.expiresAt > world.now) grant.left += n - claimed;
      else giveInThisPeriod(user, n - claimed, grant.payment);
    }
  }
  r.refundedTotal += tokens;
  user.spent -= tokens;
  book(user, 'refund', tokens);
  if (takenBack > 0) book(user, 'revoke', -takenBack);
  payDebt(user);
  freeRevoked(user);
}

/** One refund grant a period and payment; where gift still waits for its first period there is none, and no end either. */
function giveInThisPeriod(user: ModelUser, n: number, payment: string | undefined): void {
  const expiresAt = periodEnd(user);
  const period = expiresAt === null ? 'none' : periodKey(user);
  const grant = user.grants.find(
    (g) => expiresAt && g.source === 'refund' && g.period === period && g.payment === payment,
  );
  if (grant) {
    grant.amount += n;
    grant.left += n;
  } else {
    const made = addGrant(user, { source: 'refund', amount: n, expiresAt: expiresAt ?? Infinity, period });
    if (payment !== undefined) made.payment = payment;
  }
}

export function extend(world: World, r: ModelReservation, call: CallOf<'extend'>): Answer {
  if (r.status === 'expired') return no('reservation_expired');
  if (r.status !== 'open') return no('reservation_settled', { status: r.status });
  const wish = Math.min(world.now + call.ttlSeconds * 1000, r.createdAt + DAY_MS);
  r.expiresAt = Math.max(r.expiresAt, wish);
  return yes({ reservationId: r.label, expiresAt: r.expiresAt });
}

export function grant(user: ModelUser, call: CallOf<'grant'>): Answer {
  const { amount, source, expiresAt } = call;
  if (amount < 0 && -amount > available(user)) {
    return no('insufficient_tokens', { cost: -amount, available: available(user) });
  }
  if (amount > 0) addGrant(user, { source, amount, expiresAt: expiresAt ?? Infinity });
  else burn(user, -amount);
  book(user, source === 'adjustment' ? 'adjustment' : 'grant', amount);
  payDebt(user);
  freeRevoked(user);
  return yes({ balance: balance(user) });
}
