import type { Settled, WorkRecord } from './billing/index.js';
import { errorFields } from './log.js';
import { langOf, wordsFor } from './replies/replies.js';
import { ChatView } from './telegram/chat-view.js';
import type { Bot } from './turn.js';

/** Tells a user whose work a crash or an outage cut short that the tokens are back, with a button to try again. */
export async function tellInterrupted(bot: Bot, record: WorkRecord, settled: Settled): Promise<void> {
  const { chatId, threadId, userId, promptId, lang } = record.note;
  if (typeof chatId !== 'number' || settled.outcome === 'charged') return;
  const words = wordsFor(langOf(bot.journal.preferences(`telegram:${userId}`).lang, String(lang)));
  const prompt = bot.journal.prompt(String(promptId));
  const text = words.work.interrupted(settled.tokens, settled.balance?.available);
  const again =
    prompt === undefined ? undefined : [[{ text: words.buttons.retry, callback_data: `retry:${prompt.id}` }]];
  const view = new ChatView(bot.api, {
    chatId,
    threadId: typeof threadId === 'number' ? threadId : undefined,
  });
  await view
    .say(text, again)
    .catch((error: unknown) => bot.log.warn('an interruption was not told', errorFields(error)));
}
