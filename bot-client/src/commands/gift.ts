import type { User } from '../billing/index.js';
import { membershipOf } from '../payments/membership.js';
import type { Keyboard } from '../telegram/types.js';
import type { Bot, Command, Turn } from '../turn.js';

/** The channel and its Check button, for someone on a gift plan who has not joined; undefined for others. */
export async function giftOffer(
  turn: Turn,
  bot: Bot,
  known: User,
): Promise<{ text: string; keyboard: Keyboard } | undefined> {
  const { channelUrl } = bot.config;
  if (channelUrl === undefined || known.channelSubscribedAt !== null) return undefined;
  const tier = (await bot.catalogue.goods()).tiers.find((one) => one.id === known.tier);
  if (tier === undefined || !tier.requiresChannel) return undefined;
  const { join, check } = turn.words.buttons;
  return {
    text: turn.words.money.gift(tier.monthlyTokens),
    keyboard: [[{ text: join, url: channelUrl }], [{ text: check, callback_data: 'joined' }]],
  };
}

/** The Check button. If Telegram cannot tell, nothing is given and nothing taken. */
export const checkMembership: Command = async (turn, bot) => {
  const { money } = turn.words;
  const membership = await membershipOf(turn.from.id, bot);
  if (membership === 'unknown') {
    await turn.view.say(money.giftUnknown);
    return;
  }
  const answer = await bot.billing.setChannelSubscription(turn.user, membership === 'in');
  if (membership === 'out') await turn.view.say(money.giftNotMember);
  else await turn.view.say(money.giftJoined(answer.granted, answer.balance.available));
};
