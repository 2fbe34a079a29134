import { membershipOf } from '../payments/membership.js';
import type { Command } from '../turn.js';

/** The Check button. If Telegram cannot tell, nothing is given and nothing taken. */
export const checkMembership: Command = async (turn, bot) => {
  const { money } = turn.words;
  const membership = await membershipOf(turn.from.id, bot);
  if (membership === 'unknown') {
    await turn.view.say(money.giftUnknown);
    return;
  }
  const answer = await bot.billing.setChannelSubscription(turn.user, membership === 'in');
  if (membership === 'out') await turn.view.say(money.giftNotMember);
  else await turn.view.say(money.giftJoined(answer.granted, answer.balance.available));
};
