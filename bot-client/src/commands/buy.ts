import type { Tier } from '../billing/index.js';
import type { Goods } from '../payments/catalogue.js';
import { type Currency, invoicePayload, itemOf, priceOf, STARS, type TierItem } from '../payments/product.js';
import { isRunning, nameOf } from '../payments/subscriptions.js';
import { beginsAt } from '../payments/waiting-plans.js';
import type { InvoiceParts } from '../telegram/chat-view.js';
import { TelegramFault } from '../telegram/telegram-api.js';
import type { Bot, Command, Turn } from '../turn.js';
import { accountOf } from './balance.js';
import { offerChoice } from './offer-choice.js';

type Bill = Omit<InvoiceParts, 'title' | 'description'>;

/** A tap on something for sale. A plan that would wait its turn is not sold before the buyer was told so and has chosen. */
export function buy(currency: Currency, payload: string): Command {
  return async (turn, bot) => {
    const item = itemOf(payload);
    const goods = await bot.catalogue.goods();
    const amount = item === undefined ? undefined : priceOf(goods, item, currency);
    if (item === undefined || amount === undefined) {
      await turn.view.say(turn.words.money.declinedUnknown);
      return;
    }
    const providerToken = currency === STARS ? undefined : bot.config.paymentProviderToken;
    const bill = { payload: invoicePayload(goods, item), currency, amount, providerToken };
    if (item.kind === 'tier') {
      if (item.start === undefined && (await wouldWait(turn, bot, goods, item, currency))) return;
      const tier = goods.tiers.find((one) => one.id === item.id) as Tier;
      await sellTier(turn, bot, tier, item, bill);
    } else {
      const pack = goods.packs.find((one) => one.id === item.id);
      const { money } = turn.words;
      const title = pack === undefined ? item.id : money.packName(pack);
      await turn.view.invoice({ ...bill, title, description: money.packDescription(pack?.tokens ?? 0) });
    }
  };
}

/** True: it would, and the choice is now the buyer's. */
async function wouldWait(
  turn: Turn,
  bot: Bot,
  goods: Goods,
  item: TierItem,
  currency: Currency,
): Promise<boolean> {
  const account = await accountOf(turn, bot);
  const begins = beginsAt(item.id, account, goods.tiers);
  if (begins === null) return false;
  await offerChoice(turn, bot, goods, { item, currency, begins, present: account.tier });
  return true;
}

/**
 * An invoice for a month, or in Stars a subscription where Telegram takes one. With a start it is always a month: what
 * waits would be charged again while it still waits, and a subscription cannot interrupt.
 */
async function sellTier(turn: Turn, bot: Bot, tier: Tier, item: TierItem, bill: Bill): Promise<void> {
  const { money } = turn.words;
  const { start } = item;
  const parts = {
    ...bill,
    title: money.tierTitle(tier.name),
    description: money.tierDescription(tier, start),
  };
  const mayRenew = bill.currency === STARS && start === undefined;
  if (mayRenew && (await offerSubscription(turn, bot, tier, parts))) return;
  await turn.view.invoice(parts);
}

/** False: Telegram takes no subscription here (too dear, or an old server), so one month is sold instead. */
async function offerSubscription(turn: Turn, bot: Bot, tier: Tier, parts: InvoiceParts): Promise<boolean> {
  try {
    const url = await turn.view.subscriptionLink(parts);
    const text = turn.words.buttons.subscribe(parts.amount);
    const others = bot.journal
      .subscriptions(turn.user)
      .filter((one) => one.tier !== tier.id && isRunning(one));
    const ends = others.map((one) => turn.words.plan.willEnd(nameOf(bot, one.tier), tier.name));
    await turn.view.say([turn.words.money.subscriptionOffer(tier), ...ends].join('\n'), [[{ text, url }]]);
    return true;
  } catch (error) {
    if (!(error instanceof TelegramFault) || error.code !== 400) throw error;
    bot.log.warn('no subscription link, one month is sold instead', { why: error.description });
    return false;
  }
}
