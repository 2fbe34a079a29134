import type { BillingError, LimitState } from '../billing/index.js';
import { introduce } from '../introduce.js';
import type { KeptPrompt } from '../journal/journal-state.js';
import { errorFields } from '../log.js';
import { giftOffer } from '../payments/gift-offer.js';
import { cheapestOffers } from '../payments/offers.js';
import type { Keyboard } from '../telegram/types.js';
import type { Bot, Turn } from '../turn.js';
import { againButton } from './work-words.js';

/** Tells the user what was in the way and for how long, with a button for what would help. */
export async function tellRefusal(
  turn: Turn,
  bot: Bot,
  prompt: KeptPrompt,
  error: BillingError,
): Promise<void> {
  const { work: words, buttons } = turn.words;
  if (error.code === 'insufficient-tokens') {
    await bot.journal.keepPrompt({ ...prompt, refused: true });
    const facts = {
      cost: error.figure('cost'),
      available: error.figure('available'),
      deficit: error.figure('deficit'),
    };
    const gift = await giftFor(turn, bot);
    const text = [
      words.insufficient(facts),
      words.promptKept,
      ...(gift === undefined ? [] : ['', gift.text]),
    ];
    const offers = await cheapestOffers(turn, bot);
    // What is free comes first.
    await turn.view.say(text.join('\n'), [...(gift?.keyboard ?? []), ...offers, [upgrade(buttons.upgrade)]]);
  } else if (error.code === 'rate-limited') {
    await bot.journal.keepPrompt({ ...prompt, refused: true });
    await turn.view.say(words.rateLimited(limitFacts(error)), [
      ...againButton(turn, prompt),
      [upgrade(buttons.upgrade)],
    ]);
  } else if (error.code === 'too-many-open-reservations') {
    await turn.view.say(words.tooManyOpen, againButton(turn, prompt));
  } else if (error.code === 'user-blocked') {
    // The reason was written for operators, and trying again is no way out.
    await turn.view.say(words.blocked);
  } else {
    bot.log.error('the service did not take a request', errorFields(error));
    await turn.view.say(words.serviceAway, againButton(turn, prompt));
  }
}

/** None where the service cannot be asked: what is in the way is told all the same. */
async function giftFor(turn: Turn, bot: Bot): Promise<Awaited<ReturnType<typeof giftOffer>>> {
  try {
    // Who writes before /start is introduced by it.
    return await giftOffer(turn, bot, await introduce(turn, bot));
  } catch (error) {
    bot.log.warn('no gift offered beside a refusal', errorFields(error));
    return undefined;
  }
}

const upgrade = (text: string): Keyboard[number][number] => ({ text, callback_data: 'upgrade' });

function limitFacts(error: BillingError): { limit: number; windowSeconds: number; retryAfter: number } {
  const state = error.fields.limit as LimitState | undefined;
  const deciding = state?.policies.find(
    (policy) => policy.limit === state.limit && policy.operation === state.operation,
  );
  return {
    limit: state?.limit ?? 0,
    windowSeconds: deciding?.windowSeconds ?? 60,
    retryAfter: state?.retryAfter ?? Math.ceil((error.retryAfterMs ?? 60_000) / 1000),
  };
}
