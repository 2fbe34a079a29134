import { editRenewal } from '../payments/subscriptions.js';
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
    const paid = await hasPaid(bot, user, chargeId);
    if (paid === undefined) {
      await turn.view.say(turn.words.admin.noSuchPayment);
      return;
    }
    // Asked before money moves: behind that nothing may come between it and the outbox.
    const known = await bot.billing.user(user).catch(() => undefined);
    // Or its next charge would come all the same.
    if (paid.isRecurring) await endRenewal(bot, user, chargeId);
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
async function hasPaid(
  bot: Bot,
  user: string,
  chargeId: string,
): Promise<{ isRecurring: boolean } | undefined> {
  const waiting = bot.journal.outboxItem(`payment:${PROVIDER}:${chargeId}`);
  const paid = waiting?.user === user ? waiting.body : await bot.billing.payment(user, PROVIDER, chargeId);
  if (paid === undefined) return undefined;
  return { isRecurring: (paid.metadata as { recurring?: boolean } | null)?.recurring === true };
}

/** What Telegram has ended by itself by now needs no ending; the log says what it answered. */
async function endRenewal(bot: Bot, user: string, chargeId: string): Promise<void> {
  await editRenewal(idOf(user), chargeId, false, bot);
  const known = bot.journal.subscriptions(user).find((one) => one.chargeId === chargeId);
  if (known !== undefined)
    await bot.journal.subscribed({ ...known, state: 'ended', until: new Date().toISOString() });
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
