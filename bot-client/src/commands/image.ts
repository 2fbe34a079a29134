import type { Command } from '../turn.js';
import { newPrompt, runRequest } from '../work/request.js';
import { isBlank } from './is-blank.js';

/** With words: draws them. Without: asks, and the next message is the description. */
export function image(text: string): Command {
  return async (turn, bot) => {
    if (!isBlank(text)) {
      bot.askedForImage.delete(turn.place);
      await runRequest(turn, bot, newPrompt(turn, 'image', text));
      return;
    }
    bot.askedForImage.add(turn.place);
    await turn.view.say(turn.words.basics.askImage);
  };
}
