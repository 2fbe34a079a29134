import { BillingError } from '../billing/index.js';
import type { Command } from '../turn.js';
import { referenceOf } from './grant.js';

/** For an admin: a user's purse, last lines of the ledger and payments, as the service tells them. */
export function user(args: string[]): Command {
  return async (turn, bot) => {
    const [word] = args;
    if (word === undefined) {
      await turn.view.say(turn.words.admin.userUsage);
      return;
    }
    const reference = referenceOf(word);
    try {
      const [purse, entries, payments] = await Promise.all([
        bot.billing.balance(reference),
        bot.billing.entries(reference, 5),
        bot.billing.payments(reference, 'telegram_stars'),
      ]);
      const lines = [
        `${reference} · ${purse.tier}`,
        turn.words.admin.purse(purse),
        ...entries.items.map((entry) => `${entry.kind} ${entry.amount > 0 ? '+' : ''}${entry.amount}`),
        ...payments.items.slice(0, 5).map((payment) => `⭐ ${payment.amount} ${payment.paymentId}`),
      ];
      await turn.view.say(lines.join('\n'));
    } catch (error) {
      if (!(error instanceof BillingError) || error.retryable) throw error;
      await turn.view.say(turn.words.admin.refused(error.message));
    }
  };
}
