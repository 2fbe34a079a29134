import type { Command } from '../turn.js';
import { runRequest } from '../work/request.js';

/** The same request as a new operation, no matter how the last one ended: the number of the attempt is in its key. */
export function retry(promptId: string): Command {
  return async (turn, bot) => {
    const prompt = bot.journal.prompt(promptId);
    if (prompt === undefined || prompt.user !== turn.user) {
      await turn.view.say(turn.words.basics.promptGone);
      return;
    }
    await runRequest(turn, bot, { ...prompt, attempts: prompt.attempts + 1, refused: false });
  };
}
