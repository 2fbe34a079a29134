import { LANGS, wordsFor } from '../replies/replies.js';
import type { Bot } from '../turn.js';
import { MENU } from './table.js';

/** The menu next to the text field: English for everyone, Russian for those whose Telegram is Russian. */
export async function setMenu(bot: Bot): Promise<void> {
  for (const lang of LANGS) {
    const { menu } = wordsFor(lang);
    const commands = MENU.map((command) => ({ command, description: menu[command] }));
    await bot.api.call('setMyCommands', { commands, ...(lang === 'en' ? {} : { language_code: lang }) });
  }
}
