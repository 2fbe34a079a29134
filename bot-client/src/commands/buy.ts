import type { Tier } from '../billing/index.js';
import { itemOf, payloadOf, priceOf, STARS } from '../payments/product.js';
import type { InvoiceParts } from '../telegram/chat-view.js';
import { TelegramFault } from '../telegram/telegram-api.js';
import type { Bot, Command, Turn } from '../turn.js';

/** A tap on something for sale: an invoice, or for a plan in Stars a subscription where Telegram takes one. */
export function buy(currency: 'XTR' | 'RUB', payload: string): Command {
  return async (turn, bot) => {
    const item = itemOf(payload);
    const goods = await bot.catalogue.goods();
    const amount = item === undefined ? undefined : priceOf(goods, item, currency);
    if (item === undefined || amount === undefined) {
      await turn.view.say(turn.words.money.declinedUnknown);
      return;
    }
    const { money } = turn.words;
    const providerToken = currency === STARS ? undefined : bot.config.paymentProviderToken;
    const bill = { payload: payloadOf(item), currency, amount, providerToken };
    if (item.kind === 'tier') {
      const tier = goods.tiers.find((one) => one.id === item.id) as Tier;
      const parts = { ...bill, title: money.tierTitle(tier.name), description: money.tierDescription(tier) };
      if (currency === STARS && (await offerSubscription(turn, bot, tier, parts))) return;
      await turn.view.invoice(parts);
    } else {
      const pack = goods.packs.find((one) => one.id === item.id);
      const title = pack === undefined ? item.id : money.packName(pack);
      await turn.view.invoice({ ...bill, title, description: money.packDescription(pack?.tokens ?? 0) });
    }
  };
}

/** False: Telegram takes no subscription here (too dear, or an old server), so one month is sold instead. */
async function offerSubscription(turn: Turn, bot: Bot, tier: Tier, parts: InvoiceParts): Promise<boolean> {
  try {
    const url = await turn.view.subscriptionLink(parts);
    const text = turn.words.buttons.subscribe(parts.amount);
    await turn.view.say(turn.words.money.subscriptionOffer(tier), [[{ text, url }]]);
    return true;
  } catch (error) {
    if (!(error instanceof TelegramFault) || error.code !== 400) throw error;
    bot.log.warn('no subscription link, one month is sold instead', { why: error.description });
    return false;
  }
}
