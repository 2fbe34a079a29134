import type { Command } from '../turn.js';

/**
 * Stops all of the user's work in this chat. Runs past the queue: what it stops is in front of it there, and `dropped`
 * messages that waited behind were taken out already.
 */
export const cancel =
  (dropped: number): Command =>
  async (turn, bot) => {
    const asked = bot.askedForImage.delete(turn.place);
    const stopped = bot.running.stopAll(turn.place);
    const { cancelled, nothingToCancel } = turn.words.basics;
    // The work that was running reports by itself how it ended and what became of its tokens.
    if (asked || dropped > 0) await turn.view.say(cancelled);
    else if (!stopped) await turn.view.say(nothingToCancel);
  };

/** The Stop button of one piece of work. Answers with what the tap's little notice says. */
export function stop(promptId: string): (...args: Parameters<Command>) => string {
  return (turn, bot) =>
    bot.running.stop(promptId, turn.place) ? turn.words.work.stopping : turn.words.basics.alreadyEnded;
}
