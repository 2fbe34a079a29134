import { badRequest } from './refusal.js';
import type { Params, Update } from './types.js';
import type { World } from './world.js';

export async function getUpdates(world: World, params: Params): Promise<Update[]> {
  world.feed.allow(params.allowed_updates);
  const limit = Math.min(100, Number(params.limit ?? 100));
  return world.feed.next(Number(params.offset ?? 0), limit, Number(params.timeout ?? 0) * 1000);
}

export function setWebhook(world: World, params: Params): true {
  const secret = params.secret_token as string | undefined;
  if (secret !== undefined && !/^[\w-]{1,256}$/.test(secret))
    throw badRequest('secret token contains unallowed characters');
  world.feed.allow(params.allowed_updates);
  const url = String(params.url);
  world.feed.webhook = url === '' ? undefined : { url, secret };
  return true;
}

export function deleteWebhook(world: World): true {
  world.feed.webhook = undefined;
  return true;
}

export function answerCallbackQuery(world: World, params: Params): true {
  const tap = world.taps.get(String(params.callback_query_id));
  if (tap === undefined || tap.answeredAtMs !== undefined)
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  const text = params.text as string | undefined;
  if ((text ?? '').length > 200) throw badRequest('MESSAGE_TOO_LONG');
  tap.answeredAtMs = Date.now();
  if (text !== undefined) tap.text = text;
  tap.alert = params.show_alert === true;
  world.emit('tap', tap);
  return true;
}

export function setMyCommands(world: World, params: Params): true {
  const commands = params.commands as { command: string; description: string }[];
  if (commands.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  for (const { command, description } of commands) {
    if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest('BOT_COMMAND_INVALID');
    if (description.length < 1 || description.length > 256)
      throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
  }
  const scope = (params.scope as { type?: string } | undefined)?.type ?? 'default';
  world.menus.set(`${scope}:${params.language_code ?? ''}`, commands);
  return true;
}

export function getChatMember(world: World, params: Params): object {
  const chat = world.chat(params.chat_id);
  const user = world.users.get(Number(params.user_id)) ?? world.bot;
  const own = user.id === world.bot.id ? 'administrator' : undefined;
  const status = world.members.get(`${chat.id}:${user.id}`) ?? own ?? 'left';
  // Telegram refuses a bot that is no administrator of the channel; a test sets the bot's own status.
  const botStatus = world.members.get(`${chat.id}:${world.bot.id}`) ?? 'administrator';
  if (user.id !== world.bot.id && chat.type === 'channel' && botStatus !== 'administrator')
    throw badRequest('member list is inaccessible');
  return { status, user };
}

export function getChat(world: World, params: Params): object {
  return world.chat(params.chat_id);
}
