import type { User } from '../billing/index.js';
import type { Bot, Turn } from '../turn.js';

/** Tells the service who this is and which language they read. Throws `BillingError`. */
export function introduce(turn: Turn, bot: Bot): Promise<User> {
  const { username, first_name: firstName } = turn.from;
  const named = username === undefined ? {} : { username };
  return bot.billing.putUser(turn.user, { ...named, firstName, locale: turn.words.lang });
}
