import type { Goods } from '../payments/catalogue.js';
import { buyButton, packOffers } from '../payments/offers.js';
import type { Currency, TierItem } from '../payments/product.js';
import { tierName } from '../payments/waiting-plans.js';
import type { Keyboard } from '../telegram/types.js';
import type { Bot, Turn } from '../turn.js';

/**
 * Before money for a plan that would wait its turn: when it would begin, and what gives tokens now. Packs come first, then
 * the same month at once, and what was asked for last.
 */
export async function offerChoice(
  turn: Turn,
  bot: Bot,
  goods: Goods,
  wish: { item: TierItem; currency: Currency; begins: string; present: string },
): Promise<void> {
  const { plan } = turn.words;
  const { item, currency, begins, present } = wish;
  const packs = packOffers(turn, bot, goods);
  const starting = (start: 'now' | 'after', name: string) =>
    buyButton(turn, goods, { ...item, start }, name, currency);
  const keyboard: Keyboard = [
    ...packs.map(({ buttons }) => buttons),
    starting('now', plan.startNow),
    starting('after', plan.startAfter(begins)),
  ].filter((row) => row.length > 0);
  const facts = {
    tierName: tierName(goods.tiers, item.id),
    presentName: tierName(goods.tiers, present),
    begins,
    monthlyTokens: goods.tiers.find((one) => one.id === item.id)?.monthlyTokens ?? 0,
    hasPacks: packs.length > 0,
  };
  await turn.view.say(plan.wouldWait(facts), keyboard);
}
