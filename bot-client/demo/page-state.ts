import type { World } from '../test/fake-telegram/world.js';

/** Telegram shows an action for five seconds. */
const ACTION_MS = 5_000;

/** One chat as the page draws it: messages with their HTML as the bot sent it, the draft that is growing, "typing…". */
export function chatOf(world: World, chatId: number): object {
  const kept = (world.messages.get(chatId) ?? []).filter((one) => !one.deleted);
  const messages = kept.map(({ message, raw, parseMode, invoice }) => ({
    id: message.message_id,
    mine: message.from.id !== world.bot.id,
    at: message.date,
    text: message.text ?? message.caption ?? '',
    html: parseMode === 'HTML' ? raw : undefined,
    photo: message.photo?.[0]?.file_id,
    invoice,
    paid: message.successful_payment,
    moneyBack: message.refunded_payment,
    buttons: message.reply_markup?.inline_keyboard ?? [],
  }));
  const action = world.actions.findLast((one) => one.chatId === chatId);
  const lastFromBot = messages.findLast((message) => !message.mine)?.at ?? 0;
  const live =
    action !== undefined && Date.now() - action.atMs < ACTION_MS && action.atMs / 1000 > lastFromBot;
  return { messages, draft: world.drafts.get(chatId), action: live ? action.action : undefined };
}
