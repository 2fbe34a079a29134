import { BillingError } from '../billing/index.js';
import { introduce } from '../introduce.js';
import { errorFields } from '../log.js';
import type { CodeWords } from '../replies/code-words.js';
import type { Command } from '../turn.js';
import { start } from './start.js';

/** No code is longer, with its prefix and its dashes. */
const MOST = 64;

/** The key belongs to the message: delivered once more it is the same answer, and nothing is given twice. */
export function code(typed: string): Command {
  return async (turn, bot) => {
    const words = turn.words.code;
    if (typed === '') {
      await turn.view.say(words.ask);
      return;
    }
    const key = `code:${bot.me()?.id ?? 0}:${turn.updateId}`;
    try {
      if (typed.length > MOST) {
        await turn.view.say(words.unknown);
        return;
      }
      const { granted, balance } = await bot.billing.redeem(turn.user, typed, key);
      await turn.view.say(words.redeemed(granted, balance.available));
    } catch (error) {
      if (!(error instanceof BillingError)) throw error;
      const why = whyNot(words, error);
      if (why === undefined) bot.log.warn('a promo code was not redeemed', errorFields(error));
      await turn.view.say(why ?? turn.words.work.serviceAway);
      return;
    }
    await introduce(turn, bot).catch((error) => bot.log.warn('not introduced', errorFields(error)));
  };
}

/** Undefined where the service did not say. */
function whyNot(words: CodeWords, error: BillingError): string | undefined {
  switch (error.code) {
    case 'unknown-code':
    case 'invalid-request':
      return words.unknown;
    case 'code-used':
      return error.fields.byUser === true ? words.used.byUser : words.used.byOthers;
    case 'code-expired':
      return words.expired;
    case 'rate-limited':
      return words.wait(Math.ceil((error.retryAfterMs ?? 0) / 1000));
    default:
      return undefined;
  }
}

/** A link to the bot may end in anything its owner counts by: only what looks like a code is taken for one. */
const CODE = /^[A-Za-z0-9-]*[A-Za-z0-9]{4}-?[A-Za-z0-9]{4}-?[A-Za-z0-9]{5}$/;

/** t.me/<bot>?start=<code> */
export const startWith =
  (payload: string): Command =>
  async (turn, bot) => {
    await start(turn, bot);
    if (payload.length <= MOST && CODE.test(payload)) await code(payload)(turn, bot);
  };
