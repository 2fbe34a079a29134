import { type StandInState, TIERS } from './stand-in-state.js';
import { type Answer, problem } from './stand-in-tokens.js';

type Body = Record<string, unknown>;

export function user(state: StandInState, method: string, name: string, rest: string, body: Body): Answer {
  const known = state.accounts.has(name);
  if (method === 'GET' && !known) return problem(404, 'unknown-user');
  const account = state.account(name);
  if (rest === '/balance') {
    const grants = account.total > 0 ? [{ source: 'tier', remaining: account.total, expiresAt: null }] : [];
    const renewsAt = account.joined ? new Date(Date.now() + 20 * 86_400_000).toISOString() : null;
    const money = { ...state.balance(name), spent: account.spent, debt: 0, grants };
    const more = { affordable: state.affordable(name), renewsAt, paidUntil: null };
    return { status: 200, body: { user: name, tier: account.tier, ...money, ...more } };
  }
  if (rest === '/channel-subscription') {
    const subscribed = body.subscribed === true;
    const granted = subscribed && !account.joined ? 100 : 0;
    if (granted > 0) state.credit(name, 'grant', granted);
    account.joined = subscribed;
    return { status: 200, body: { user: name, subscribed, granted, balance: state.balance(name) } };
  }
  if (rest.startsWith('/entries')) {
    const items = state.entries.filter((entry) => entry.user === name).reverse();
    return { status: 200, body: { items } };
  }
  if (method === 'PUT' && typeof body.locale === 'string') account.locale = body.locale;
  const subscribedAt = account.joined ? '2026-01-01T00:00:00.000Z' : null;
  const person = { username: null, firstName: null, locale: account.locale, tier: account.tier };
  const times = { channelSubscribedAt: subscribedAt, createdAt: '2026-01-01T00:00:00.000Z' };
  return { status: known ? 200 : 201, body: { user: name, references: [name], ...person, ...times } };
}

export function pay(state: StandInState, body: Body): Answer {
  const id = `${body.provider}:${body.paymentId}`;
  const name = String(body.user);
  const product = body.product as { tier?: string; pack?: string };
  const before = state.payments.get(id);
  if (before !== undefined && JSON.stringify(before.body) !== JSON.stringify(body))
    return problem(409, 'payment-mismatch');
  const tier = TIERS.find((one) => one.id === product.tier);
  if (product.tier !== undefined && tier === undefined) return problem(404, 'unknown-tier');
  const granted = before?.granted ?? tier?.monthlyTokens ?? 500;
  if (before === undefined) {
    state.payments.set(id, { body, granted, refunded: false });
    state.credit(name, 'grant', granted);
    if (tier !== undefined) state.account(name).tier = tier.id;
  }
  const periodEnd = new Date(Date.now() + 30 * 86_400_000).toISOString();
  const state2 = {
    tier: state.account(name).tier,
    periodEnd,
    paidUntil: periodEnd,
    balance: state.balance(name),
  };
  const { provider, paymentId } = body;
  return { status: 201, body: { provider, paymentId, user: name, product, granted, ...state2 } };
}

export function payments(state: StandInState, user: string): Answer {
  const mine = [...state.payments.values()].filter((one) => one.body.user === user);
  return { status: 200, body: { items: mine.map((one) => one.body) } };
}

export function refundPayment(state: StandInState, id: string): Answer {
  const payment = state.payments.get(id);
  if (payment === undefined) return problem(404, 'unknown-payment');
  const user = String(payment.body.user);
  const revoked = payment.refunded ? 0 : Math.min(payment.granted, state.balance(user).available);
  if (!payment.refunded) state.credit(user, 'revoke', -revoked);
  payment.refunded = true;
  state.account(user).tier = 'gift';
  return { status: 200, body: { revoked, spent: payment.granted - revoked, tier: 'gift' } };
}
