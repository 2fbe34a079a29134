import type { Command } from '../turn.js';

/** For an admin: ends an errand that the service will never take, once the payer has been seen to. */
export function drop(args: string[]): Command {
  return async (turn, bot) => {
    const { admin } = turn.words;
    const [id] = args;
    if (id === undefined) {
      await turn.view.say(admin.dropUsage);
      return;
    }
    const dropped = await bot.outbox.drop(id);
    if (dropped) bot.log.info('an outbox item was ended by hand', { admin: turn.user, item: id });
    await turn.view.say(dropped ? admin.dropped(id) : admin.noSuchErrand);
  };
}
