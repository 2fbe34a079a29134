import type { Command } from '../turn.js';

const MOST_SHOWN = 15;

/** For an admin: what the service has not taken yet, oldest first, and why. */
export function errands(): Command {
  return async (turn, bot) => {
    const { admin } = turn.words;
    const waiting = bot.outbox.waiting();
    const lines = waiting
      .slice(0, MOST_SHOWN)
      .map(({ item, why }) => admin.errand(item.id, item.user, why?.slice(0, 200)));
    if (waiting.length > MOST_SHOWN) lines.push(admin.moreErrands(waiting.length - MOST_SHOWN));
    await turn.view.say(lines.join('\n\n') || admin.noErrands);
  };
}
