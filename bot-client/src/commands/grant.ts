import { BillingError } from '../billing/index.js';
import { type Bot, type Command, type Turn, userOf } from '../turn.js';
import { giveMonths } from './give-months.js';

/** `123` and `telegram:123` are the same person; any other reference is taken as it is. */
export function referenceOf(word: string): string {
  return /^\d+$/.test(word) ? userOf(Number(word)) : word;
}

/** Gives tokens, or with a minus takes them back; or gives months of a plan. Who did it stands in the ledger. */
export function grant(args: string[]): Command {
  return async (turn, bot) => {
    const [word, what = '', ...rest] = args;
    const isFigure = /^[+-]?\d{1,12}$/.test(what);
    if (word === undefined || what === '' || (isFigure && Number(what) === 0)) {
      await turn.view.say(turn.words.admin.grantUsage);
      return;
    }
    const user = referenceOf(word);
    try {
      const told = isFigure
        ? await giveTokens(turn, bot, user, Number(what), rest.join(' '))
        : await giveMonths(turn, bot, user, what, rest);
      await turn.view.say(told);
    } catch (error) {
      if (!(error instanceof BillingError) || error.retryable) throw error;
      await turn.view.say(turn.words.admin.refused(error.message));
    }
  };
}

async function giveTokens(
  turn: Turn,
  bot: Bot,
  user: string,
  amount: number,
  reason: string,
): Promise<string> {
  const given = await bot.billing.grant(
    {
      user,
      amount,
      source: amount > 0 ? 'promo' : 'adjustment',
      reason: reason || 'by an admin of the bot',
      metadata: { admin: turn.user, frontend: 'telegram', updateId: turn.updateId },
    },
    `tg:${bot.me()?.id ?? 0}:${turn.updateId}:grant`,
  );
  return turn.words.admin.granted(user, amount, given.balance.available);
}
