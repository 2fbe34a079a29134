import type { UserBalance } from '../billing/index.js';
import { BillingError } from '../billing/index.js';
import { isInGrace, waitingPlans } from '../payments/waiting-plans.js';
import type { Keyboard } from '../telegram/types.js';
import type { Bot, Command, Turn } from '../turn.js';
import { introduce } from './introduce.js';

export const balance: Command = async (turn, bot) => {
  const purse = await purseOf(turn, bot);
  const { tiers } = await bot.catalogue.goods();
  const tier = tiers.find((one) => one.id === purse.tier);
  const inGrace = isInGrace(purse);
  const text = turn.words.money.balance({
    ...purse,
    tierName: tier?.name ?? purse.tier,
    monthlyTokens: tier?.monthlyTokens ?? 0,
    // A plan that will lapse has no renewal to announce.
    renewsAt: inGrace || renews(purse, tier?.requiresChannel ?? false) ? purse.renewsAt : null,
    inGrace,
    waiting: waitingPlans(purse.upcoming, tiers),
  });
  await turn.view.say(text, keyboard(turn, bot));
};

/** The user's purse; someone new is introduced first. */
export async function purseOf(turn: Turn, bot: Bot): Promise<UserBalance> {
  try {
    return await bot.billing.balance(turn.user);
  } catch (error) {
    if (!(error instanceof BillingError) || error.code !== 'unknown-user') throw error;
    await introduce(turn, bot);
    return bot.billing.balance(turn.user);
  }
}

function renews(purse: UserBalance, isGift: boolean): boolean {
  if (purse.renewsAt === null) return false;
  if (isGift) return purse.grants.some((grant) => grant.source === 'tier') || purse.available > 0;
  return purse.paidUntil === null || purse.renewsAt < purse.paidUntil;
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
