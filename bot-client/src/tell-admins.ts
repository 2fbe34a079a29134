import { errorFields } from './log.js';
import { langOf, wordsFor } from './replies/replies.js';
import type { Words } from './replies/words.js';
import { ChatView } from './telegram/chat-view.js';
import { type Bot, userOf } from './turn.js';

/** Every admin hears it in their language, or else in `lang`; one who cannot be told is no reason not to tell the others. */
export async function tellAdmins(bot: Bot, text: (words: Words) => string, lang?: string): Promise<void> {
  for (const admin of bot.config.adminIds) {
    const words = wordsFor(langOf(bot.journal.preferences(userOf(admin)).lang, lang));
    await new ChatView(bot.api, { chatId: admin })
      .say(text(words))
      .catch((error: unknown) => bot.log.warn('an admin was not told', errorFields(error)));
  }
}
