import type { OutboxItem } from '../journal/journal-state.js';
import type { TgMessage, TgPaid, TgUser } from '../telegram/types.js';
import { type Bot, userOf } from '../turn.js';
import { itemOf, productOf, providerOf } from './product.js';

/** Money was taken: from here on it is on disk until the service has it. The payer is credited, not who was invoiced. */
export async function takePayment(
  message: TgMessage,
  paid: TgPaid,
  payer: TgUser,
  updateId: number,
  bot: Bot,
): Promise<void> {
  const provider = providerOf(paid.currency);
  const paymentId = paid.telegram_payment_charge_id;
  const item = itemOf(paid.invoice_payload);
  // An invoice this bot did not make (an older one, perhaps): a person has to look, but the money is not lost.
  const product = item === undefined ? { tier: paid.invoice_payload, months: 1 } : productOf(item, paid);
  const user = userOf(payer.id);
  const body = {
    provider,
    paymentId,
    user,
    product,
    currency: paid.currency,
    amount: paid.total_amount,
    metadata: { frontend: 'telegram', payload: paid.invoice_payload, recurring: paid.is_recurring === true },
  };
  await bot.outbox.add(
    outboxItem(`payment:${provider}:${paymentId}`, 'payment', message, payer, body),
    updateId,
  );
}

/** Telegram gave money back, by us or by its own support: the tokens go too. */
export async function takeRefund(
  message: TgMessage,
  paid: TgPaid,
  payer: TgUser,
  updateId: number,
  bot: Bot,
): Promise<void> {
  const body = { provider: providerOf(paid.currency), paymentId: paid.telegram_payment_charge_id };
  const id = `payment-refund:${body.provider}:${body.paymentId}`;
  await bot.outbox.add(outboxItem(id, 'payment-refund', message, payer, body), updateId);
}

function outboxItem(
  id: string,
  kind: OutboxItem['kind'],
  message: TgMessage,
  payer: TgUser,
  body: Record<string, unknown>,
): OutboxItem {
  return { id, kind, user: userOf(payer.id), chatId: message.chat.id, lang: payer.language_code, body };
}
