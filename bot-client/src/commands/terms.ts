import type { Command } from '../turn.js';

export const terms: Command = async (turn, bot) => {
  await turn.view.say(bot.config.termsText ?? turn.words.basics.terms);
};
