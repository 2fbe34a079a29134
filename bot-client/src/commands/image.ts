import type { Command } from '../turn.js';
import { maySendPhotos } from '../work/may-send-photos.js';
import { newPrompt, runRequest } from '../work/request.js';
import { isBlank } from './is-blank.js';

/** With words: draws them. Without: asks, and the next message is the description. */
export function image(text: string): Command {
  return async (turn, bot) => {
    if (!isBlank(text)) {
      bot.askedForImage.delete(turn.place);
      if (await maySendPhotos(turn, bot)) await runRequest(turn, bot, newPrompt(turn, 'image', text));
      else await turn.view.say(turn.words.work.noPhotosHere);
      return;
    }
    bot.askedForImage.add(turn.place);
    await turn.view.say(turn.words.basics.askImage);
  };
}
