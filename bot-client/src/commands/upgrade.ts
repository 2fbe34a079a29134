import { giftOffer } from '../payments/gift-offer.js';
import { buyButtons, packOffers } from '../payments/offers.js';
import { priceOf, STARS } from '../payments/product.js';
import { tierName, waitingPlans } from '../payments/waiting-plans.js';
import type { Keyboard } from '../telegram/types.js';
import type { Command } from '../turn.js';
import { accountOf } from './balance.js';
import { renewals } from './renewal.js';

export const upgrade: Command = async (turn, bot) => {
  const { money, plan } = turn.words;
  const account = await accountOf(turn, bot);
  const goods = await bot.catalogue.goods();
  const running = renewals(turn, bot);
  const waiting = plan.waiting(waitingPlans(account.upcoming, goods.tiers));
  const lines = [
    money.plans(tierName(goods.tiers, account.tier), account.available),
    ...waiting,
    ...running.lines,
    '',
  ];
  const keyboard: Keyboard = [];
  for (const tier of goods.tiers) {
    const item = { kind: 'tier', id: tier.id, months: 1 } as const;
    const stars = priceOf(goods, item, STARS);
    const isMine = tier.id === account.tier;
    const buttons = buyButtons(turn, bot, goods, item, isMine ? `✓ ${tier.name}` : tier.name);
    if (buttons.length === 0) continue;
    keyboard.push(buttons);
    if (stars !== undefined)
      lines.push(
        `${isMine ? '✓ ' : ''}${money.tierLine(tier, money.price({ currency: STARS, amount: stars }))}`,
      );
  }
  for (const { pack, buttons } of packOffers(turn, bot, goods)) {
    const stars = priceOf(goods, { kind: 'pack', id: pack.id }, STARS);
    keyboard.push(buttons);
    if (stars !== undefined)
      lines.push(money.packLine(pack, money.price({ currency: STARS, amount: stars })));
  }
  if (keyboard.length === 0) lines.push(money.notForSale);
  const gift = await giftOffer(turn, bot, await bot.billing.user(turn.user));
  if (gift !== undefined) {
    lines.push('', gift.text);
    keyboard.push(...gift.keyboard);
  }
  keyboard.push(...running.buttons);
  await turn.view.say(lines.join('\n'), keyboard);
};
