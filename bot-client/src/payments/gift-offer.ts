import type { User } from '../billing/index.js';
import type { Keyboard } from '../telegram/types.js';
import type { Bot, Turn } from '../turn.js';

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
