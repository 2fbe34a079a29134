import { BillingError, type PaymentLine } from '../billing/index.js';
import { waitingPlans } from '../payments/waiting-plans.js';
import type { Words } from '../replies/words.js';
import type { Command } from '../turn.js';
import { GOODWILL } from './give-months.js';
import { referenceOf } from './grant.js';

/** For an admin: a user's account, what waits, last lines of the ledger and payments, as the service tells them. */
export function user(args: string[]): Command {
  return async (turn, bot) => {
    const [word] = args;
    if (word === undefined) {
      await turn.view.say(turn.words.admin.userUsage);
      return;
    }
    const reference = referenceOf(word);
    try {
      const [account, entries, payments, goods] = await Promise.all([
        bot.billing.balance(reference),
        bot.billing.entries(reference, 5),
        bot.billing.payments(reference),
        bot.catalogue.goods(),
      ]);
      const lines = [
        `${reference} · ${account.tier}`,
        turn.words.admin.account(account),
        ...turn.words.plan.waiting(waitingPlans(account.upcoming, goods.tiers)),
        ...entries.items.map((entry) => `${entry.kind} ${entry.amount > 0 ? '+' : ''}${entry.amount}`),
        ...payments.items.slice(0, 5).map((payment) => paymentLine(payment, turn.words)),
      ];
      await turn.view.say(lines.join('\n'));
    } catch (error) {
      if (!(error instanceof BillingError) || error.retryable) throw error;
      await turn.view.say(turn.words.admin.refused(error.message));
    }
  };
}

function paymentLine({ provider, currency, amount, paymentId }: PaymentLine, words: Words): string {
  return `${provider === GOODWILL ? '🎁' : words.money.price({ currency, amount })} ${paymentId}`;
}
