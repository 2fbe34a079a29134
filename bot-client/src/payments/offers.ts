import { BillingError } from '../billing/index.js';
import type { Button, Keyboard } from '../telegram/types.js';
import type { Bot, Turn } from '../turn.js';
import type { Goods } from './catalogue.js';
import { type Item, payloadOf, priceOf, STARS } from './product.js';

/** Telegram's bound on what a button carries. */
const MOST_BYTES = 64;

/** A button that buys `item`, one for each currency it can be paid in here. */
export function buyButtons(turn: Turn, bot: Bot, goods: Goods, item: Item, name: string): Button[] {
  const { buttons, money } = turn.words;
  const found: Button[] = [];
  const stars = priceOf(goods, item, STARS);
  if (stars !== undefined)
    found.push({ text: buttons.stars(name, stars), callback_data: `buy:${payloadOf(item)}` });
  const roubles = bot.config.paymentProviderToken === undefined ? undefined : priceOf(goods, item, 'RUB');
  if (roubles !== undefined) {
    const text = buttons.card(name, money.price({ currency: 'RUB', amount: roubles }));
    found.push({ text, callback_data: `rub:${payloadOf(item)}` });
  }
  // A name too long for a button can still be bought through another frontend; refusing the whole list would be worse.
  return found.filter(
    (button) => 'callback_data' in button && Buffer.byteLength(button.callback_data) <= MOST_BYTES,
  );
}

/** The cheapest pack, for someone who is short: one tap. Empty where the service cannot be asked. */
export async function cheapestOffers(turn: Turn, bot: Bot): Promise<Keyboard> {
  try {
    const goods = await bot.catalogue.goods();
    const cost = (id: string) => priceOf(goods, { kind: 'pack', id }, STARS) ?? Number.POSITIVE_INFINITY;
    const pack = [...goods.packs].sort((a, b) => cost(a.id) - cost(b.id))[0];
    return pack === undefined
      ? []
      : [buyButtons(turn, bot, goods, { kind: 'pack', id: pack.id }, turn.words.money.packName(pack))].filter(
          (row) => row.length > 0,
        );
  } catch (error) {
    if (error instanceof BillingError) return [];
    throw error;
  }
}
