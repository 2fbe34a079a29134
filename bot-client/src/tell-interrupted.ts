import type { Settlement, WorkRecord } from './billing/index.js';
import { langOf, wordsFor } from './replies/replies.js';
import { ChatView } from './telegram/chat-view.js';
import type { Bot } from './turn.js';

/**
 * Tells a user whose work was cut short by a crash or an outage that the tokens are back, with a button to try again. If
 * the bot lived on, the user was told of the failure at the time; then only the return of the tokens is news.
 */
export async function tellInterrupted(bot: Bot, record: WorkRecord, settlement: Settlement): Promise<void> {
  const { chatId, threadId, userId, promptId, lang, session } = record.note;
  if (typeof chatId !== 'number' || settlement.outcome === 'charged') return;
  const livedOn = session === bot.session;
  if (livedOn && (record.state === 'planned' || settlement.tokens === 0)) return;
  const words = wordsFor(langOf(bot.journal.preferences(`telegram:${userId}`).lang, String(lang)));
  const prompt = bot.journal.prompt(String(promptId));
  const available = settlement.balance?.available;
  const text = livedOn
    ? words.work.returned(settlement.tokens, available)
    : words.work.interrupted(settlement.tokens, available);
  const again =
    prompt === undefined ? undefined : [[{ text: words.buttons.retry, callback_data: `retry:${prompt.id}` }]];
  const view = new ChatView(bot.api, {
    chatId,
    threadId: typeof threadId === 'number' ? threadId : undefined,
  });
  await view.say(text, again);
}
