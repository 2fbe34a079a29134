import { waitingPart } from '../payments/waiting-plans.js';
import type { Bot, Turn } from '../turn.js';

/** As the service's list of payments calls what nobody paid for. */
export const GOODWILL = 'goodwill';
const MOST_MONTHS = 12;

/**
 * A goodwill month is a payment of nothing: it is added to what was paid for and takes its turn like it, so it shortens
 * nothing. (A tier set by hand would go before all else, and replace an earlier one.) Answers what to tell the admin.
 */
export async function giveMonths(
  turn: Turn,
  bot: Bot,
  user: string,
  plan: string,
  rest: string[],
): Promise<string> {
  const { admin } = turn.words;
  const { tiers } = await bot.catalogue.goods();
  const given = tiers.filter((one) => one.id !== 'gift');
  const wanted = plan.toLowerCase();
  const tier = given.find((one) => one.id === wanted || one.name.toLowerCase() === wanted);
  if (tier === undefined) {
    const ids = given.map((one) => one.id);
    return admin.noSuchPlan(plan, ids);
  }
  const [figure = '', ...words] = rest;
  const isFigure = /^\d+$/.test(figure);
  const months = isFigure ? Number(figure) : 1;
  if (months < 1 || months > MOST_MONTHS) return admin.grantUsage;
  const reason = (isFigure ? words : rest).join(' ') || 'by an admin of the bot';
  const payment = await bot.billing.pay({
    provider: GOODWILL,
    paymentId: `tg:${bot.me()?.id ?? 0}:${turn.updateId}:${user}`,
    user,
    product: { tier: tier.id, months },
    currency: 'XTR',
    amount: 0,
    metadata: { admin: turn.user, frontend: 'telegram', reason },
  });
  return admin.gaveMonths(user, tier.name, months, waitingPart(payment, tiers));
}
