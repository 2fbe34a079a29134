/** Payments, their refund, PUT tier and the channel: rule 11, and the rules of paid time. */
import { DAY } from '../domain/plan/model.js';
import { buy, putByHand, refund, type Wanted } from '../domain/plan/model-changes.js';
import type { CallOf } from './call.js';
import { bringUpToDate } from './model-due.js';
import { changePaid, grantPeriod, planTimes } from './model-plan.js';
import {
  type Answer,
  addGrant,
  again,
  balance,
  book,
  freeRevoked,
  type ModelPayment,
  type ModelUser,
  no,
  payDebt,
  sum,
  type World,
  yes,
} from './model-state.js';

const PACKS: Record<string, number> = { 'pack-500': 500, 'pack-2000': 2000 };

const plan = (user: ModelUser) => ({ tier: user.tier, ...planTimes(user), balance: balance(user) });

export function pay(world: World, user: ModelUser, call: CallOf<'payment'>): Answer {
  const content = JSON.stringify([call.product, call.amount]);
  const earlier = world.payments.get(call.paymentId);
  if (earlier) {
    const same = earlier.user === user.name && earlier.content === content;
    return same ? again(earlier.answer) : no('payment_mismatch');
  }
  const payment: ModelPayment = {
    user: user.name,
    content,
    answer: {},
    product: call.product,
    base: null,
    parts: 0,
  };
  const granted = deliver(world, user, call.paymentId, payment);
  payDebt(user);
  freeRevoked(user);
  bringUpToDate(world, user);
  const { paymentId, product } = call;
  payment.answer = { provider: 'model', paymentId, user: user.name, product, granted, ...plan(user) };
  world.payments.set(paymentId, payment);
  return yes(payment.answer);
}

function deliver(world: World, user: ModelUser, id: string, payment: ModelPayment): number {
  const { product } = payment;
  if ('months' in product) {
    const { tier, months, start } = product;
    const wanted = { tier, payment: id, months, now: start === 'now' };
    return changePaid(world, user, world.now, () => buy(user.paid, wanted, world.now));
  }
  if ('tier' in product) {
    const [wanted] = told(world, user, id, payment);
    return wanted ? changePaid(world, user, world.now, () => buy(user.paid, wanted, world.now)) : 0;
  }
  const amount = 'pack' in product ? (PACKS[product.pack] as number) : product.tokens;
  addGrant(user, { source: 'topup', amount, expiresAt: Number.POSITIVE_INFINITY, payment: id });
  book(user, 'grant', amount);
  return amount;
}

/** Until a moment: the length from its base, or nothing where another payment's length holds that moment. */
function told(world: World, user: ModelUser, id: string, payment: ModelPayment): Wanted[] {
  const { tier, until } = payment.product as { tier: string; until: string };
  const end = Date.parse(until);
  const others = untilOf(world, user, tier).filter((other) => other.base !== null);
  if (others.some((other) => Number(other.base) < end && end <= other.end)) return [];
  const ahead = others.map((other) => other.end).filter((at) => at > world.now && at < end);
  payment.base = Math.max(world.now, ...ahead);
  const ms = end <= world.now ? 30 * DAY : end - payment.base;
  return [{ tier, payment: id, ms, now: false }];
}

/** The payments until a moment that are not refunded. */
function untilOf(world: World, user: ModelUser, tier: string) {
  return [...world.payments].flatMap(([id, payment]) => {
    const { product, base, refundAnswer } = payment;
    const counts = payment.user === user.name && !refundAnswer && 'until' in product && product.tier === tier;
    return counts ? [{ id, payment, base, end: Date.parse(product.until) }] : [];
  });
}

export function refundPayment(world: World, user: ModelUser, call: CallOf<'refundPayment'>): Answer {
  const payment = world.payments.get(call.paymentId) as ModelPayment;
  if (call.tokens !== undefined) return refundPart(user, payment, call);
  if (payment.refundAnswer) return again(payment.refundAnswer);
  const mine = user.grants.filter((g) => g.payment === call.paymentId);
  // All that it gave and that ended one way or the other; what came back of it is only given once.
  const given = sum(mine.map((grant) => (grant.source === 'refund' ? 0 : grant.amount)));
  const endedBefore = sum(mine.map((grant) => grant.ended));
  if (payment.parts > 0 && payment.parts === given) {
    const left = sum(mine.map((grant) => grant.left));
    return again({ revoked: 0, spent: given - endedBefore - left, tier: user.tier });
  }
  for (const grant of mine) grant.revoked = true;
  freeRevoked(user);
  payment.refundAnswer = {};
  const instead = heldBy(world, user, payment).flatMap((one) => told(world, user, one.id, one.payment));
  changePaid(world, user, world.now, () => refund(user.paid, call.paymentId, world.now, instead));
  payDebt(user);
  freeRevoked(user);
  bringUpToDate(world, user);
  const ended = sum(mine.map((grant) => grant.ended));
  const spent = given - ended - sum(mine.map((grant) => grant.left));
  payment.refundAnswer = { revoked: ended - endedBefore, spent, tier: user.tier };
  return yes(payment.refundAnswer);
}

function refundPart(user: ModelUser, payment: ModelPayment, call: CallOf<'refundPayment'>): Answer {
  const tokens = call.tokens as number;
  const [grant] = user.grants.filter((g) => g.payment === call.paymentId);
  const refundable = payment.refundAnswer || !grant ? 0 : grant.amount - payment.parts;
  if (tokens > refundable) return no('refund_exceeds_payment', { refundable });
  const one = grant as ModelUser['grants'][number];
  payment.parts += tokens;
  one.claimed = (one.claimed ?? 0) + tokens;
  const before = one.ended;
  payDebt(user);
  freeRevoked(user);
  return yes({
    revoked: one.ended - before,
    spent: one.amount - one.left - one.ended,
    tier: user.tier,
  });
}

/** The payments whose time the refunded one's length held, the first to end first. */
function heldBy(world: World, user: ModelUser, { product, base }: ModelPayment) {
  if (!('until' in product) || base === null) return [];
  return untilOf(world, user, product.tier)
    .filter((one) => one.base === null && base < one.end && one.end <= Date.parse(product.until))
    .sort((a, b) => a.end - b.end);
}

export function putTier(world: World, user: ModelUser, { tier, months }: CallOf<'tier'>): Answer {
  changePaid(world, user, world.now, () => putByHand(user.paid, tier, months, world.now));
  freeRevoked(user);
  return yes({ user: user.name, ...plan(user) });
}

export function setChannel(world: World, user: ModelUser, call: CallOf<'channel'>): Answer {
  user.joined = call.subscribed;
  if (user.joined && user.tier === 'gift') user.gift.anchor ??= world.now;
  const granted = user.joined ? grantPeriod(world, user, world.now) : 0;
  freeRevoked(user);
  return yes({ user: user.name, subscribed: user.joined, granted, balance: balance(user) });
}
