import { introduce } from '../introduce.js';
import { errorFields } from '../log.js';
import { giftOffer } from '../payments/gift-offer.js';
import type { Command } from '../turn.js';

/** Greets at once; what needs the service follows when it answers. */
export const start: Command = async (turn, bot) => {
  await turn.view.say(turn.words.basics.start(turn.from.first_name));
  try {
    const known = await introduce(turn, bot);
    const offer = await giftOffer(turn, bot, known);
    if (offer !== undefined) await turn.view.say(offer.text, offer.keyboard);
  } catch (error) {
    // The greeting stands by itself; the gift is offered again by /upgrade.
    bot.log.warn('no gift offered at start', errorFields(error));
  }
};
