import type { Subscription } from '../journal/journal-state.js';
import { errorFields } from '../log.js';
import { langOf, wordsFor } from '../replies/replies.js';
import { ChatView } from '../telegram/chat-view.js';
import { TelegramFault } from '../telegram/telegram-api.js';
import type { TgPaid, TgSubscriptionChange, TgUser } from '../telegram/types.js';
import { type Bot, userOf } from '../turn.js';
import { itemOf } from './product.js';
import { tierName } from './waiting-plans.js';

export const nameOf = (bot: Bot, tier: string) => tierName(bot.catalogue.lastHeard()?.tiers ?? [], tier);
/** Telegram will charge for it again. */
export const isRunning = ({ state }: Subscription) => state === 'active';

/**
 * A subscription was paid for, and runs alone: what ran beside it is ended before its payer is charged for both. Nothing
 * is ended twice, so this may be repeated after a crash.
 */
export async function noteSubscription(paid: TgPaid, payer: TgUser, bot: Bot): Promise<void> {
  const item = itemOf(paid.invoice_payload);
  const end = paid.subscription_expiration_date;
  if (item?.kind !== 'tier' || end === undefined) return;
  const user = userOf(payer.id);
  const until = new Date(end * 1000).toISOString();
  const running = bot.journal.subscriptions(user);
  // A payment that is heard of late says nothing new of what was paid for since.
  if (running.some((one) => one.tier === item.id && one.until > until)) return;
  for (const other of running)
    if (other.tier !== item.id && isRunning(other) && !(await setRenewal(other, false, bot)))
      await tell(payer, bot, (words) => words.plan.stillRenews(nameOf(bot, other.tier)));
  await bot.journal.subscribed({
    user,
    tier: item.id,
    chargeId: paid.telegram_payment_charge_id,
    until,
    state: 'active',
  });
}

/** Ends or resumes its renewal; what is paid for stays. False: Telegram does not do it. */
export async function setRenewal(subscription: Subscription, renews: boolean, bot: Bot): Promise<boolean> {
  const { user, chargeId } = subscription;
  if (!(await editRenewal(Number(user.split(':')[1]), chargeId, renews, bot))) return false;
  await bot.journal.subscribed({ ...subscription, state: renews ? 'active' : 'ended' });
  return true;
}

/** By any of its payments. */
export async function editRenewal(
  userId: number,
  chargeId: string,
  renews: boolean,
  bot: Bot,
): Promise<boolean> {
  const asked = { user_id: userId, telegram_payment_charge_id: chargeId, is_canceled: !renews };
  try {
    await bot.api.call('editUserStarSubscription', asked, { patienceMs: 5_000 });
    return true;
  } catch (error) {
    if (!(error instanceof TelegramFault)) throw error;
    bot.log.warn('a subscription was not changed', { user: userOf(userId), renews, ...errorFields(error) });
    return false;
  }
}

/** The user ended or resumed it in Telegram, or Telegram could not charge: told once, with what that means. */
export async function takeSubscriptionChange(change: TgSubscriptionChange, bot: Bot): Promise<void> {
  const item = itemOf(change.invoice_payload);
  if (item?.kind !== 'tier' || change.user.is_bot) return;
  const user = userOf(change.user.id);
  const known = bot.journal.subscriptions(user).find((one) => one.tier === item.id);
  if (known !== undefined) await bot.journal.subscribed({ ...known, state: change.state });
  await tell(change.user, bot, ({ plan }) =>
    plan.renewalChanged(change.state, nameOf(bot, item.id), known?.until),
  );
}

async function tell(
  user: TgUser,
  bot: Bot,
  text: (words: ReturnType<typeof wordsFor>) => string,
): Promise<void> {
  const words = wordsFor(langOf(bot.journal.preferences(userOf(user.id)).lang, user.language_code));
  await new ChatView(bot.api, { chatId: user.id })
    .say(text(words), [[{ text: words.buttons.upgrade, callback_data: 'upgrade' }]])
    .catch((error: unknown) => bot.log.warn('a subscription was not spoken of', errorFields(error)));
}
