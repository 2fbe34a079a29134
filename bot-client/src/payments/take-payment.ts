import type { OutboxItem } from '../journal/journal-state.js';
import type { TgMessage, TgPaid, TgUser } from '../telegram/types.js';
import { type Bot, userOf } from '../turn.js';
import { itemOf, productOf, providerOf } from './product.js';
import { noteSubscription } from './subscriptions.js';

/** Money was taken: from here on it is on disk until the service has it. */
export async function takePayment(
  message: TgMessage,
  paid: TgPaid,
  payer: TgUser,
  updateId: number,
  bot: Bot,
): Promise<void> {
  await noteSubscription(paid, payer, bot);
  await bot.outbox.add(paymentItem(payer, message.chat.id, paid), updateId);
}

/** Telegram gave money back, by us or by its own support: the tokens go too. */
export async function takeRefund(
  message: TgMessage,
  paid: TgPaid,
  payer: TgUser,
  updateId: number,
  bot: Bot,
): Promise<void> {
  await bot.outbox.add(refundItem(payer, message.chat.id, paid), updateId);
}

/** The payer is credited, not who was invoiced. */
export function paymentItem(payer: TgUser, chatId: number, paid: TgPaid): OutboxItem {
  const item = itemOf(paid.invoice_payload);
  // An invoice this bot did not make (an older one, perhaps): a person has to look, but the money is not lost.
  const product = item === undefined ? { tier: paid.invoice_payload, months: 1 } : productOf(item, paid);
  return outboxItem('payment', payer, chatId, paid, {
    user: userOf(payer.id),
    product,
    currency: paid.currency,
    amount: paid.total_amount,
    metadata: { frontend: 'telegram', payload: paid.invoice_payload, recurring: paid.is_recurring === true },
  });
}

export function refundItem(payer: TgUser, chatId: number, paid: TgPaid): OutboxItem {
  return outboxItem('payment-refund', payer, chatId, paid, {});
}

function outboxItem(
  kind: 'payment' | 'payment-refund',
  payer: TgUser,
  chatId: number,
  paid: TgPaid,
  content: Record<string, unknown>,
): OutboxItem {
  const provider = providerOf(paid.currency);
  const paymentId = paid.telegram_payment_charge_id;
  return {
    id: `${kind}:${provider}:${paymentId}`,
    kind,
    user: userOf(payer.id),
    chatId,
    lang: payer.language_code,
    body: { provider, paymentId, ...content },
  };
}
