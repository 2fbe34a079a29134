import type { BillingClient, Payment, PaymentRefund } from '../billing/index.js';
import type { OutboxItem } from '../journal/journal-state.js';
import { errorFields } from '../log.js';
import { langOf, wordsFor } from '../replies/replies.js';
import type { Words } from '../replies/words.js';
import { ChatView } from '../telegram/chat-view.js';
import type { Keyboard } from '../telegram/types.js';
import { tellAdmins } from '../tell-admins.js';
import type { Bot } from '../turn.js';
import type { OutboxEvents } from './outbox.js';
import { tierName, waitingPart, waitingPlans } from './waiting-plans.js';

type Subscription = Awaited<ReturnType<BillingClient['setChannelSubscription']>>;

/** Tells people what became of their payments. A message that cannot be sent never holds an outbox item up. */
export function receipts(bot: () => Bot): OutboxEvents {
  const wordsOf = (item: OutboxItem): Words => {
    const { lang } = bot().journal.preferences(item.user);
    return wordsFor(langOf(lang, item.lang));
  };
  const tell = async (chatId: number, text: string, keyboard?: Keyboard) => {
    const view = new ChatView(bot().api, { chatId });
    await view
      .say(text, keyboard)
      .catch((error: unknown) => bot().log.warn('a receipt was not sent', errorFields(error)));
  };
  return {
    async done(item, answer) {
      const words = wordsOf(item);
      bot().metrics.payments.inc({ outcome: `${item.kind} acknowledged` });
      if (item.kind === 'payment') await thank(bot(), item, answer as Payment, words, tell);
      else if (item.kind === 'payment-refund')
        await tell(item.chatId, words.money.refunded((answer as PaymentRefund).revoked));
      else {
        const { granted, balance } = answer as Subscription;
        if (granted > 0) await tell(item.chatId, words.money.giftJoined(granted, balance.available));
      }
    },
    async late(item) {
      if (item.kind === 'payment') await tell(item.chatId, wordsOf(item).money.paymentKept);
    },
    async refused(item, error) {
      bot().metrics.payments.inc({ outcome: `${item.kind} refused` });
      const { refusedPayment, refusedRefund, refusedJoin } = wordsOf(item).money;
      const contact = bot().config.supportContact;
      if (item.kind === 'payment') await tell(item.chatId, refusedPayment(contact));
      else if (item.kind === 'payment-refund') await tell(item.chatId, refusedRefund(contact));
      // Who left asked for nothing.
      else if (item.body.subscribed === true) await tell(item.chatId, refusedJoin(contact));
      await tellAdmins(bot(), (words) => words.admin.refusedErrand(item.id, error.message), item.lang);
    },
    async shutOut(error) {
      await tellAdmins(bot(), (words) => words.admin.shutOut(error.message));
    },
  };
}

async function thank(
  bot: Bot,
  item: OutboxItem,
  payment: Payment,
  words: Words,
  tell: (chatId: number, text: string, keyboard?: Keyboard) => Promise<void>,
): Promise<void> {
  const isTier = 'tier' in payment.product;
  const tiers = bot.catalogue.lastHeard()?.tiers ?? [];
  const { granted, paidUntil, balance, upcoming } = payment;
  const text = words.money.thanks({
    granted,
    available: balance.available,
    tierName: isTier ? tierName(tiers, payment.tier) : undefined,
    until: isTier ? paidUntil : null,
    bought: waitingPart(payment, tiers),
    waiting: isTier ? waitingPlans(upcoming, tiers) : [],
  });
  const waiting = bot.journal.refusedPrompt(item.user);
  const short = waiting === undefined ? '' : [...waiting.text.replace(/\s+/g, ' ')].slice(0, 30).join('');
  const again =
    waiting === undefined
      ? undefined
      : [[{ text: words.buttons.again(short), callback_data: `retry:${waiting.id}` }]];
  await tell(item.chatId, text, again);
}
