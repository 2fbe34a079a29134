import type { Kept } from './types.js';
import type { World } from './world.js';

/**
 * A chat as its messages, one block each: `Ann: text`, the bot's with its buttons in brackets. What changes from run to
 * run (ids, clock times) never appears, so a transcript can be compared as text.
 */
export function transcript(world: World, chatId: number, since = 0): string {
  const kept = (world.messages.get(chatId) ?? []).filter((one) => !one.deleted).slice(since);
  return kept.map((one) => block(world, one)).join('\n');
}

function block(world: World, { message }: Kept): string {
  const who = message.from.id === world.bot.id ? 'BOT' : message.from.first_name;
  const lines = [`${who}: ${content(message)}`];
  const rows = message.reply_markup?.inline_keyboard ?? [];
  for (const row of rows)
    lines.push(
      `  ${row.map((button) => `[${button.text}${button.url === undefined ? '' : ' ↗'}]`).join(' ')}`,
    );
  return lines.join('\n');
}

function content(message: Kept['message']): string {
  if (message.photo !== undefined) return `<photo> ${message.caption ?? ''}`.trimEnd();
  const kind = ['document', 'voice', 'sticker'].find((name) => name in message);
  if (kind !== undefined) return `<${kind}> ${message.caption ?? ''}`.trimEnd();
  if (message.invoice !== undefined) {
    const { title, currency, total_amount } = message.invoice;
    return `<invoice> ${title}, ${total_amount} ${currency}`;
  }
  if (message.successful_payment !== undefined) return '<paid>';
  if (message.refunded_payment !== undefined) return '<money back>';
  return message.text ?? '';
}
