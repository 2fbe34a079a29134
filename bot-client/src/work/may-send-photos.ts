import { TelegramFault } from '../telegram/telegram-api.js';
import type { Bot, Turn } from '../turn.js';

interface Chat {
  permissions?: { can_send_photos?: boolean };
}
interface Member {
  status: string;
  can_send_photos?: boolean;
}

/** Asked before a picture is paid for. If Telegram cannot tell, it may. */
export async function maySendPhotos({ chat, isPrivate, view }: Turn, bot: Bot): Promise<boolean> {
  const me = bot.me();
  if (isPrivate || me === undefined) return true;
  const ask = <T>(method: string, more: object = {}) =>
    bot.api.call<T>(method, { chat_id: view.place.chatId, ...more }, { patienceMs: 0, deadlineMs: 3_000 });
  try {
    const { status, can_send_photos: own } = await ask<Member>('getChatMember', { user_id: me.id });
    if (status === 'administrator' || status === 'creator') return true;
    if (status === 'restricted' && own === false) return false;
    return (await ask<Chat>('getChat')).permissions?.can_send_photos !== false;
  } catch (error) {
    if (!(error instanceof TelegramFault)) throw error;
    bot.log.warn('nobody knows whether pictures are allowed', { chat: chat.id, why: error.description });
    return true;
  }
}
