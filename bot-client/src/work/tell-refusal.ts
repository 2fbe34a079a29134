import type { BillingError, LimitState } from '../billing/index.js';
import type { KeptPrompt } from '../journal/journal-state.js';
import { errorFields } from '../log.js';
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
    const text = `${words.insufficient(facts)}\n${words.promptKept}`;
    await turn.view.say(text, [...(await cheapestOffers(turn, bot)), [upgrade(buttons.upgrade)]]);
  } else if (error.code === 'rate-limited') {
    await bot.journal.keepPrompt({ ...prompt, refused: true });
    await turn.view.say(words.rateLimited(limitFacts(error)), [
      ...againButton(turn, prompt),
      [upgrade(buttons.upgrade)],
    ]);
  } else if (error.code === 'too-many-open-reservations') {
    await turn.view.say(words.tooManyOpen, againButton(turn, prompt));
  } else {
    bot.log.error('the service did not take a request', errorFields(error));
    await turn.view.say(words.serviceAway, againButton(turn, prompt));
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
