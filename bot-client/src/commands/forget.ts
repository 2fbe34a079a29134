import type { Command } from '../turn.js';

/** Deletes what this bot keeps of what was said. The ledger, which holds no words, stays. */
export const forget: Command = async (turn, bot) => {
  bot.memory.forget(turn.place);
  await bot.journal.forgetPrompts(turn.user);
  await turn.view.say(turn.words.basics.forgotten);
};
