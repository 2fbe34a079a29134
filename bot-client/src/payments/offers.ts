import { BillingError, type Pack } from '../billing/index.js';
import type { Button, Keyboard } from '../telegram/types.js';
import type { Bot, Turn } from '../turn.js';
import type { Goods } from './catalogue.js';
import { type Currency, type Item, payloadOf, priceOf, STARS } from './product.js';

/** Telegram's bound on what a button carries. */
const MOST_BYTES = 64;

/** What a button's data begins with, and what `buy` is asked for then. */
const TAP_OF: Record<Currency, string> = { XTR: 'buy', RUB: 'rub' };

/** A button that buys `item`, one for each currency it can be paid in here. */
export function buyButtons(turn: Turn, bot: Bot, goods: Goods, item: Item, name: string): Button[] {
  const currencies: Currency[] = bot.config.paymentProviderToken === undefined ? [STARS] : [STARS, 'RUB'];
  return currencies.flatMap((currency) => buyButton(turn, goods, item, name, currency));
}

/** None where it is not sold for that currency. */
export function buyButton(turn: Turn, goods: Goods, item: Item, name: string, currency: Currency): Button[] {
  const amount = priceOf(goods, item, currency);
  if (amount === undefined) return [];
  const data = `${TAP_OF[currency]}:${payloadOf(item)}`;
  // A name too long for a button can still be bought through another frontend; refusing the whole list would be worse.
  if (Buffer.byteLength(data) > MOST_BYTES) return [];
  const text = turn.words.buttons.priced(name, turn.words.money.price({ currency, amount }));
  return [{ text, callback_data: data }];
}

/** The packs that can be bought here, cheapest first, each with its buttons. */
export function packOffers(turn: Turn, bot: Bot, goods: Goods): { pack: Pack; buttons: Button[] }[] {
  const cost = ({ id }: Pack) => priceOf(goods, { kind: 'pack', id }, STARS) ?? Number.POSITIVE_INFINITY;
  return [...goods.packs]
    .sort((a, b) => cost(a) - cost(b))
    .map((pack) => {
      const name = turn.words.money.packName(pack);
      return { pack, buttons: buyButtons(turn, bot, goods, { kind: 'pack', id: pack.id }, name) };
    })
    .filter(({ buttons }) => buttons.length > 0);
}

/** The cheapest pack, for someone who is short: one tap. Empty where the service cannot be asked. */
export async function cheapestOffers(turn: Turn, bot: Bot): Promise<Keyboard> {
  try {
    return packOffers(turn, bot, await bot.catalogue.goods())
      .slice(0, 1)
      .map(({ buttons }) => buttons);
  } catch (error) {
    if (error instanceof BillingError) return [];
    throw error;
  }
}
