import { PRICES, type StandInState, TIERS } from './stand-in-state.js';

type Body = Record<string, unknown>;
export type Answer = { status: number; body: unknown };
export const problem = (status: number, code: string, more: object = {}): Answer => ({
  status,
  body: { type: `/errors/${code}`, title: code, status, detail: code, code, requestId: 'req-1', ...more },
});

function limitOf(state: StandInState, user: string, take: boolean) {
  const account = state.account(user);
  const limit = TIERS.find((tier) => tier.id === account.tier)?.policies[0]?.limit ?? 10;
  const now = Date.now();
  account.window = account.window.filter((at) => at > now - 60_000);
  const allowed = account.window.length < limit;
  if (allowed && take) account.window.push(now);
  const oldest = account.window[0] ?? now;
  const retryAfter = allowed ? 0 : Math.ceil((oldest + 60_000 - now) / 1000);
  const resetAt = new Date((account.window.at(-1) ?? now) + 60_000).toISOString();
  const remaining = limit - account.window.length;
  const policy = { name: 'all', operation: '*', limit, windowSeconds: 60, remaining, resetAt };
  const top = { operation: '*', limit, remaining, resetAt, retryAfter };
  return { allowed, checkId: 'c', tier: account.tier, ...top, policies: [policy], degraded: false };
}

export function reserve(state: StandInState, body: Body): Answer {
  const user = String(body.user);
  const operation = String(body.operation);
  const price = PRICES[operation];
  if (price === undefined) return problem(404, 'unknown-operation');
  const amount = Number(body.amount ?? price);
  const peek = limitOf(state, user, false);
  if (body.checkLimits === true && !peek.allowed) return problem(429, 'rate-limited', { limit: peek });
  const { available } = state.balance(user);
  if (available < amount)
    return problem(402, 'insufficient-tokens', { cost: amount, available, deficit: amount - available });
  const limit = limitOf(state, user, true);
  state.account(user).reserved += amount;
  const reservationId = `rsv_${state.holds.size + 1}`;
  state.holds.set(reservationId, { user, operation, amount, status: 'open', charged: 0, refunded: 0 });
  const expiresAt = new Date(Date.now() + 300_000).toISOString();
  const money = { balance: state.balance(user), affordable: state.affordable(user) };
  return {
    status: 201,
    body: { reservationId, user, operation, amount, status: 'open', expiresAt, ...money, limit },
  };
}

export function commit(state: StandInState, body: Body): Answer {
  const id = String(body.reservationId);
  const hold = state.holds.get(id);
  if (hold === undefined) return problem(404, 'unknown-reservation');
  const amount = Number(body.amount ?? hold.amount);
  if (hold.status === 'refunded' || (hold.status === 'committed' && hold.asked !== amount))
    return problem(409, 'reservation-settled');
  if (hold.status === 'open') {
    const account = state.account(hold.user);
    account.reserved -= hold.amount;
    account.spent += amount;
    state.credit(hold.user, 'charge', -amount);
    Object.assign(hold, { status: 'committed', charged: amount, asked: amount });
  }
  const figures = { reserved: hold.amount, amount: hold.charged, released: hold.amount - hold.charged };
  const money = { balance: state.balance(hold.user), affordable: state.affordable(hold.user) };
  const rest = { uncollected: 0, late: false, ...money };
  return {
    status: 200,
    body: {
      reservationId: id,
      user: hold.user,
      operation: hold.operation,
      status: 'committed',
      ...figures,
      ...rest,
    },
  };
}

export function refund(state: StandInState, body: Body): Answer {
  const id = String(body.reservationId);
  const hold = state.holds.get(id);
  if (hold === undefined) return problem(404, 'unknown-reservation');
  let refunded = 0;
  if (hold.status === 'open') {
    state.account(hold.user).reserved -= hold.amount;
    refunded = hold.amount;
    hold.status = 'refunded';
  } else if (hold.status === 'committed') {
    refunded = hold.charged - hold.refunded;
    state.account(hold.user).spent -= refunded;
    state.credit(hold.user, 'refund', refunded);
  }
  hold.refunded += refunded;
  const figures = { status: hold.status, refunded, refundedTotal: hold.refunded };
  return { status: 200, body: { reservationId: id, ...figures, balance: state.balance(hold.user) } };
}
