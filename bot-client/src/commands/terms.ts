import type { Command } from '../turn.js';

export const terms: Command = async (turn) => {
  await turn.view.say(turn.words.basics.terms);
};
