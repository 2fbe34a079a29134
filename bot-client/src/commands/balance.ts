import type { UserBalance } from '../billing/index.js';
import { BillingError } from '../billing/index.js';
import { introduce } from '../introduce.js';
import { giftOffer } from '../payments/gift-offer.js';
import { lookAgain } from '../payments/membership.js';
import { isInGrace, waitingPlans } from '../payments/waiting-plans.js';
import type { Keyboard } from '../telegram/types.js';
import type { Bot, Command, Turn } from '../turn.js';

export const balance: Command = async (turn, bot) => {
  const first = await accountOf(turn, bot);
  const { tiers } = await bot.catalogue.goods();
  const tier = tiers.find((one) => one.id === first.tier);
  const isGift = tier?.requiresChannel ?? false;
  const account = isGift && (await lookAgain(turn, bot)) ? await bot.billing.balance(turn.user) : first;
  const gift = isGift ? await giftOffer(turn, bot, await bot.billing.user(turn.user)) : undefined;
  const inGrace = isInGrace(account);
  const text = turn.words.money.balance({
    ...account,
    tierName: tier?.name ?? account.tier,
    monthlyTokens: tier?.monthlyTokens ?? 0,
    // A plan that will lapse has no renewal to announce.
    renewsAt: inGrace || renews(account, isGift) ? account.renewsAt : null,
    inGrace,
    waiting: waitingPlans(account.upcoming, tiers),
  });
  const whole = gift === undefined ? text : `${text}\n\n${gift.text}`;
  await turn.view.say(whole, [...(gift?.keyboard ?? []), ...keyboard(turn, bot)]);
};

/** The user's account; someone new is introduced first. */
export async function accountOf(turn: Turn, bot: Bot): Promise<UserBalance> {
  try {
    return await bot.billing.balance(turn.user);
  } catch (error) {
    if (!(error instanceof BillingError) || error.code !== 'unknown-user') throw error;
    await introduce(turn, bot);
    return bot.billing.balance(turn.user);
  }
}

function renews(account: UserBalance, isGift: boolean): boolean {
  if (account.renewsAt === null) return false;
  if (isGift) return account.grants.some((grant) => grant.source === 'tier') || account.available > 0;
  return account.paidUntil === null || account.renewsAt < account.paidUntil;
}

function keyboard(turn: Turn, bot: Bot): Keyboard {
  const { buttons } = turn.words;
  const hidden = bot.journal.preferences(turn.user).hideCostLine === true;
  const line = {
    text: hidden ? buttons.showLine : buttons.hideLine,
    callback_data: hidden ? 'line:on' : 'line:off',
  };
  return [[{ text: buttons.upgrade, callback_data: 'upgrade' }], [line]];
}

/** The buttons that switch the line of costs. */
export function setCostLine(hideCostLine: boolean): Command {
  return async (turn, bot) => {
    await bot.journal.prefer(turn.user, { hideCostLine });
    await turn.view.say(hideCostLine ? turn.words.basics.lineHidden : turn.words.basics.lineShown);
  };
}
