import type { Command } from '../turn.js';

export const paysupport: Command = async (turn, bot) => {
  await turn.view.say(bot.config.paysupportText ?? turn.words.basics.paysupport(bot.config.supportContact));
};
