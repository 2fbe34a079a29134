/** Payments, their refund, PUT tier and the channel: rules 11 and 12, "Changing tier". */
import type { CallOf, Product } from './call.js';
import { bringUpToDate } from './model-due.js';
import { monthsAfter } from './model-months.js';
import { beginPaid, beginQueued, beginTier, cover, GIFT, grantPeriod, periodEnd } from './model-plan.js';
import {
  type Answer,
  addGrant,
  again,
  available,
  balance,
  book,
  type ModelUser,
  no,
  payDebt,
  type Stretch,
  type World,
  yes,
} from './model-state.js';

const PACKS: Record<string, number> = { 'pack-500': 500, 'pack-2000': 2000 };

const plan = (user: ModelUser) => ({
  tier: user.tier,
  periodEnd: periodEnd(user),
  paidUntil: user.paidUntil,
  balance: balance(user),
});

export function pay(world: World, user: ModelUser, call: CallOf<'payment'>): Answer {
  const content = JSON.stringify([call.product, call.amount]);
  const earlier = world.payments.get(call.paymentId);
  if (earlier) {
    const same = earlier.user === user.name && earlier.content === content;
    return same ? again(earlier.answer) : no('payment_mismatch');
  }
  const granted = deliver(world, user, call.paymentId, call.product);
  payDebt(user);
  bringUpToDate(world, user);
  const { paymentId, product } = call;
  const answer = { provider: 'model', paymentId, user: user.name, product, granted, ...plan(user) };
  world.payments.set(paymentId, { user: user.name, content, answer });
  return yes(answer);
}

function deliver(world: World, user: ModelUser, payment: string, product: Product): number {
  if ('tier' in product) return buy(world, user, payment, product);
  const amount = 'pack' in product ? (PACKS[product.pack] as number) : product.tokens;
  addGrant(user, { source: 'topup', amount, expiresAt: Number.POSITIVE_INFINITY, payment });
  book(user, 'grant', amount);
  return amount;
}

/** Higher: at once. The same: longer. Lower: when what is paid for is over. */
function buy(
  world: World,
  user: ModelUser,
  payment: string,
  product: { tier: string } & ({ months: number } | { until: string }),
): number {
  const bought: Stretch =
    'months' in product ? { payment, months: product.months } : { payment, until: Date.parse(product.until) };
  if (product.tier === user.tier) {
    const [stretch] = cover(user.paidUntil ?? world.now, user.anchor as number, [bought]);
    if (!stretch) throw new Error('nothing bought');
    user.coverage.push(stretch);
    user.paidUntil = stretch.to;
    return 0;
  }
  const rank = (id: string) => world.tiers.get(id)?.position as number;
  const paid = user.tier !== GIFT && user.paidUntil !== null && user.paidUntil > world.now;
  if (paid && rank(product.tier) < rank(user.tier)) {
    user.queued.push({ tier: product.tier, ...bought });
    return 0;
  }
  return beginPaid(world, user, product.tier, world.now, [bought]);
}

export function refundPayment(world: World, user: ModelUser, call: CallOf<'refundPayment'>): Answer {
  const payment = world.payments.get(call.paymentId);
  if (payment?.refundAnswer) return again(payment.refundAnswer);
  let revoked = 0;
  let spent = 0;
  for (const grant of user.grants.filter((g) => g.payment === call.paymentId)) {
    grant.revoked = true;
    spent += grant.amount - grant.left - grant.ended;
    if (grant.expiresAt <= world.now) continue;
    const taken = Math.min(grant.left, Math.max(0, available(user)));
    grant.left -= taken;
    grant.ended += taken;
    revoked += taken;
    if (taken > 0) book(user, 'revoke', -taken);
  }
  endPaidTime(world, user, call.paymentId);
  payDebt(user);
  bringUpToDate(world, user);
  const refundAnswer = { revoked, spent, tier: user.tier };
  if (payment) payment.refundAnswer = refundAnswer;
  return yes(refundAnswer);
}

/** Unused time of this payment ends; what others paid for moves up. */
function endPaidTime(world: World, user: ModelUser, payment: string): void {
  user.queued = user.queued.filter((q) => q.payment !== payment);
  const index = user.coverage.findIndex((stretch) => stretch.payment === payment);
  const refunded = user.coverage[index];
  if (!refunded) return;
  const later = user.coverage.slice(index + 1);
  const byHand = refunded.to <= world.now && (user.paidUntil ?? 0) > world.now;
  const usedUp = byHand || later.some((stretch) => stretch.from <= world.now);
  if (usedUp) user.coverage.splice(index, 1);
  else if (refunded.from > world.now) {
    const moved = cover(refunded.from, user.anchor as number, later);
    user.coverage = [...user.coverage.slice(0, index), ...moved];
    user.paidUntil = moved.at(-1)?.to ?? refunded.from;
  } else if (later.length > 0) beginPaid(world, user, user.tier, world.now, later);
  else if (user.queued.length > 0) beginQueued(world, user, world.now);
  else beginTier(world, user, GIFT, world.now);
}

export function putTier(world: World, user: ModelUser, call: CallOf<'tier'>): Answer {
  const { tier, months } = call;
  if (tier !== user.tier) {
    if (tier === GIFT) user.queued = [];
    beginTier(world, user, tier, world.now);
    if (tier !== GIFT) user.paidUntil = monthsAfter(world.now, months);
  } else if (tier !== GIFT) user.paidUntil = monthsAfter(user.anchor as number, user.period + months);
  return yes({ user: user.name, ...plan(user) });
}

export function setChannel(world: World, user: ModelUser, call: CallOf<'channel'>): Answer {
  user.joined = call.subscribed;
  let granted = 0;
  if (user.joined) {
    if (user.anchor === null) Object.assign(user, { anchor: world.now, period: 0, periodGranted: false });
    granted = grantPeriod(world, user, world.now);
  }
  return yes({ user: user.name, subscribed: user.joined, granted, balance: balance(user) });
}
