import { TelegramFault } from '../telegram/telegram-api.js';
import type { TgMemberChange } from '../telegram/types.js';
import { type Bot, type Turn, userOf } from '../turn.js';

interface Member {
  status: string;
  is_member?: boolean;
}

function isIn({ status, is_member }: Member): boolean {
  if (status === 'restricted') return is_member === true;
  return status === 'member' || status === 'administrator' || status === 'creator';
}

/** Whether the user is in the channel; unknown if Telegram answers with an error. */
export async function membershipOf(userId: number, bot: Bot): Promise<'in' | 'out' | 'unknown'> {
  if (bot.config.channelId === undefined) return 'unknown';
  try {
    const asked = { chat_id: channelOf(bot.config.channelId), user_id: userId };
    return isIn(await bot.api.call<Member>('getChatMember', asked, { patienceMs: 3_000 })) ? 'in' : 'out';
  } catch (error) {
    if (error instanceof TelegramFault) return 'unknown';
    throw error;
  }
}

/**
 * Someone may have joined or left without the bot hearing of it. True: the service was told, and what it says of the
 * account is new.
 */
export async function lookAgain(turn: Turn, bot: Bot): Promise<boolean> {
  const [known, membership] = await Promise.all([
    bot.billing.user(turn.user),
    membershipOf(turn.from.id, bot),
  ]);
  const isIn = membership === 'in';
  if (membership === 'unknown' || isIn === (known.channelSubscribedAt !== null)) return false;
  await bot.billing.setChannelSubscription(turn.user, isIn);
  return true;
}

/** Someone joined or left: the service is told, however long that takes. */
export async function takeMembership(change: TgMemberChange, updateId: number, bot: Bot): Promise<void> {
  const { channelId } = bot.config;
  const { chat, new_chat_member: member } = change;
  if (channelId === undefined || member.user.is_bot) return;
  if (String(chat.id) !== channelId && `@${chat.username}` !== channelId) return;
  await bot.outbox.add(
    {
      id: `channel:${member.user.id}:${updateId}`,
      kind: 'channel',
      user: userOf(member.user.id),
      chatId: member.user.id,
      lang: member.user.language_code,
      body: { subscribed: isIn(member) },
    },
    updateId,
  );
}

export const channelOf = (id: string): number | string => (id.startsWith('@') ? id : Number(id));
