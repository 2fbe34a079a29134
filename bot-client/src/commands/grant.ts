import { BillingError } from '../billing/index.js';
import { type Command, userOf } from '../turn.js';

/** `123` and `telegram:123` are the same person; any other reference is taken as it is. */
export function referenceOf(word: string): string {
  return /^\d+$/.test(word) ? userOf(Number(word)) : word;
}

/** Gives tokens, or with a minus takes them back. Who did it stands in the ledger. */
export function grant(args: string[]): Command {
  return async (turn, bot) => {
    const [word, figure = '', ...reason] = args;
    const amount = /^[+-]?\d{1,12}$/.test(figure) ? Number(figure) : 0;
    if (word === undefined || amount === 0) {
      await turn.view.say(turn.words.admin.grantUsage);
      return;
    }
    const user = referenceOf(word);
    try {
      const given = await bot.billing.grant(
        {
          user,
          amount,
          source: amount > 0 ? 'promo' : 'adjustment',
          reason: reason.join(' ') || 'by an admin of the bot',
          metadata: { admin: turn.user, frontend: 'telegram', updateId: turn.updateId },
        },
        `tg:${bot.me()?.id ?? 0}:${turn.updateId}:grant`,
      );
      await turn.view.say(turn.words.admin.granted(user, amount, given.balance.available));
    } catch (error) {
      if (!(error instanceof BillingError) || error.retryable) throw error;
      await turn.view.say(turn.words.admin.refused(error.message));
    }
  };
}
