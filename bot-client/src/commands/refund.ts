import { TelegramFault } from '../telegram/telegram-api.js';
import type { Bot, Command, Turn } from '../turn.js';
import { referenceOf } from './grant.js';

const PROVIDER = 'telegram_stars';

/**
 * Gives a Stars payment back: the money first, then the tokens, so that a crash in between leaves the user better off
 * and not worse. Both halves may be repeated.
 */
export function refund(args: string[]): Command {
  return async (turn, bot) => {
    const [word, chargeId] = args;
    if (word === undefined || chargeId === undefined) {
      await turn.view.say(turn.words.admin.refundUsage);
      return;
    }
    const user = referenceOf(word);
    if (!(await hasPaid(bot, user, chargeId))) {
      await turn.view.say(turn.words.admin.noSuchPayment);
      return;
    }
    // Asked before money moves: behind that nothing may come between it and the outbox.
    const known = await bot.billing.user(user).catch(() => undefined);
    if (await moneyBack(turn, bot, user, chargeId)) {
      bot.log.info('refund', { admin: turn.user, user, chargeId });
      await bot.outbox.add(
        {
          id: `payment-refund:${PROVIDER}:${chargeId}`,
          kind: 'payment-refund',
          user,
          chatId: idOf(user),
          lang: known?.locale ?? undefined,
          body: { provider: PROVIDER, paymentId: chargeId },
        },
        turn.updateId,
      );
      await turn.view.say(turn.words.admin.refundDone(user));
    }
  };
}

/** As the service knows, or as waits to be told to it: what it refuses must be refundable too. */
async function hasPaid(bot: Bot, user: string, chargeId: string): Promise<boolean> {
  if (bot.journal.outboxItem(`payment:${PROVIDER}:${chargeId}`)?.user === user) return true;
  return (await bot.billing.payment(user, PROVIDER, chargeId)) !== undefined;
}

async function moneyBack(turn: Turn, bot: Bot, user: string, chargeId: string): Promise<boolean> {
  try {
    await bot.api.call('refundStarPayment', { user_id: idOf(user), telegram_payment_charge_id: chargeId });
    return true;
  } catch (error) {
    if (!(error instanceof TelegramFault)) throw error;
    if (error.says('ALREADY_REFUNDED')) return true;
    await turn.view.say(turn.words.admin.refused(error.description));
    return false;
  }
}

const idOf = (user: string) => Number(user.split(':')[1]);
