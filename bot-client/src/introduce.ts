import { BillingError, type User } from './billing/index.js';
import type { Bot, Turn } from './turn.js';

/** Tells the service who this is and which language they read. Throws `BillingError`. */
export async function introduce(turn: Turn, bot: Bot): Promise<User> {
  const { username, first_name: firstName } = turn.from;
  const locale = turn.words.lang;
  const named = username === undefined ? {} : { username };
  try {
    return await bot.billing.putUser(turn.user, { ...named, firstName, locale });
  } catch (error) {
    if (!(error instanceof BillingError) || error.code !== 'invalid-request') throw error;
    // People may call themselves what the service does not take; that is no reason not to serve them.
    return bot.billing.putUser(turn.user, { ...named, locale });
  }
}
