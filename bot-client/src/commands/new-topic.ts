import type { Command } from '../turn.js';

export const newTopic: Command = async (turn, bot) => {
  bot.memory.forget(turn.place);
  bot.askedForImage.delete(turn.place);
  await turn.view.say(turn.words.basics.newTopic);
};
