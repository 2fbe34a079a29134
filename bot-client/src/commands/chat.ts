import type { Command } from '../turn.js';
import { newPrompt, runRequest } from '../work/request.js';
import { isBlank } from './is-blank.js';

export function chat(text: string): Command {
  return async (turn, bot) => {
    if (isBlank(text)) await turn.view.say(turn.words.basics.askChat);
    else await runRequest(turn, bot, newPrompt(turn, 'chat', text));
  };
}
