import { isRunning, nameOf, setRenewal } from '../payments/subscriptions.js';
import type { Button } from '../telegram/types.js';
import type { Bot, Command, Turn } from '../turn.js';

/** What Telegram renews for this user, a line each, with a button that ends or resumes it. */
export function renewals(turn: Turn, bot: Bot): { lines: string[]; buttons: Button[][] } {
  const { plan, buttons: labels } = turn.words;
  const all = bot.journal.subscriptions(turn.user);
  const lines = all.map((one) => plan.renewal(nameOf(bot, one.tier), one.until, one.state));
  const buttons = all.flatMap((one) => {
    const name = nameOf(bot, one.tier);
    if (isRunning(one)) return [[{ text: labels.endRenewal(name), callback_data: `renew:off:${one.tier}` }]];
    // What the user ended in Telegram, Telegram lets nobody else resume.
    if (one.state !== 'ended') return [];
    return [[{ text: labels.resumeRenewal(name), callback_data: `renew:on:${one.tier}` }]];
  });
  return { lines, buttons };
}

/** Those buttons. What is paid for stays either way. */
export function renew(rest: string): Command | undefined {
  const [, wish, tier] = /^(on|off):(.+)$/.exec(rest) ?? [];
  if (tier === undefined) return undefined;
  const renews = wish === 'on';
  return async (turn, bot) => {
    const { plan } = turn.words;
    const found = bot.journal.subscriptions(turn.user).find((one) => one.tier === tier);
    const name = nameOf(bot, tier);
    if (found === undefined) await turn.view.say(plan.noRenewal(name));
    else if (isRunning(found) === renews || (await setRenewal(found, renews, bot)))
      await turn.view.say(plan.renewal(name, found.until, renews ? 'active' : 'ended'));
    else await turn.view.say(plan.renewalUnchanged(name));
  };
}
