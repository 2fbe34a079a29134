import { introduce } from '../introduce.js';
import { wordsFor } from '../replies/replies.js';
import type { Lang } from '../replies/words.js';
import type { Command } from '../turn.js';

export const lang: Command = async (turn) => {
  const choices = [
    { text: 'English', callback_data: 'lang:en' },
    { text: 'Русский', callback_data: 'lang:ru' },
  ];
  await turn.view.say(turn.words.basics.pickLang, [choices]);
};

export function setLang(chosen: Lang): Command {
  return async (turn, bot) => {
    await bot.journal.prefer(turn.user, { lang: chosen });
    const words = wordsFor(chosen);
    await turn.view.say(words.basics.langSet);
    await introduce({ ...turn, words }, bot);
  };
}
