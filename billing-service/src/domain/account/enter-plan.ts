import { GIFT_TIER } from '../catalogue/catalogue.js';
import { currentPeriod, type Plan, startGift, withPeriodGranted } from '../plan/plan.js';
import { type Account, addGrant, isLive, record } from './account.js';
import { payDebt } from './square-up.js';

/** The account is on `plan` from `at` on. Returns the tokens that its period grants now. */
export function enterPlan(account: Account, plan: Plan, at: number, now: number): number {
  account.plan = plan;
  return grantPeriod(account, at, now);
}

/** Gift whose channel is joined (or not asked for) begins its months at the first sight of that. */
export const startWaitingGift = (account: Account, now: number): number =>
  enterPlan(account, startGift(account.plan, now, account.tierOf), now, now);

/**
 * Grants the current period's tokens, once, at `at`; returns how many. A period that is over when looked at only pays
 * debt. Gift grants nothing while an earlier gift grant is live, however the user came back to it.
 */
function grantPeriod(account: Account, at: number, now: number): number {
  const { plan } = account;
  const tier = account.tierOf(plan.tier);
  const period = currentPeriod(plan);
  if (period === null || period.granted) return 0;
  if (tier.requiresChannel && plan.channelSubscribedAt === null) return 0;
  account.plan = withPeriodGranted(plan);
  if (tier.id === GIFT_TIER && account.grants.some((g) => g.tier === GIFT_TIER && isLive(g, at))) return 0;
  const amount = period.until <= now ? Math.min(tier.monthlyTokens, account.debt) : tier.monthlyTokens;
  if (amount === 0) return 0;
  const { tenure, period: number, until: expiresAt, payment } = period;
  const key = { tier: tier.id, tenure, period: number };
  addGrant(account, { source: 'tier', amount, expiresAt, createdAt: at, ...key, payment });
  const metadata = payment && JSON.stringify(payment);
  record(account, { kind: 'grant', amount, source: 'tier', metadata, createdAt: at });
  payDebt(account);
  return amount;
}
