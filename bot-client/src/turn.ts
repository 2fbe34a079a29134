import type { AiBackend } from './ai/backend.js';
import type { BillingClient, MeteringClient } from './billing/index.js';
import type { Config } from './config.js';
import type { Journal } from './journal/journal.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';
import type { Catalogue } from './payments/catalogue.js';
import type { Outbox } from './payments/outbox.js';
import { langOf, wordsFor } from './replies/replies.js';
import type { Words } from './replies/words.js';
import type { DraftSupport } from './telegram/answer-view.js';
import { ChatView } from './telegram/chat-view.js';
import type { TelegramApi } from './telegram/telegram-api.js';
import type { TgCallback, TgChat, TgMessage, TgUpdate, TgUser } from './telegram/types.js';
import type { Memory } from './work/memory.js';
import type { Running } from './work/running.js';

/** Everything a command may use. */
export interface Bot {
  config: Config;
  api: TelegramApi;
  billing: BillingClient;
  metering: MeteringClient;
  journal: Journal;
  ai: AiBackend;
  catalogue: Catalogue;
  outbox: Outbox;
  memory: Memory;
  running: Running;
  drafts: DraftSupport;
  /** Users who were asked to describe a picture; their next message is the description. */
  askedForImage: Set<string>;
  /** Names this start of the process: work with another name was cut off by a crash or a stop. */
  session: string;
  log: Log;
  metrics: Metrics;
  me: () => TgUser | undefined;
}

/** One message or tap of a user, ready to be answered. */
export interface Turn {
  updateId: number;
  from: TgUser;
  /** The user's reference at the service. */
  user: string;
  chat: TgChat;
  isPrivate: boolean;
  /** What memory, queues and running work are kept by. */
  place: string;
  view: ChatView;
  words: Words;
  text: string;
  message: TgMessage | undefined;
  tap: { id: string; data: string; messageId: number | undefined } | undefined;
}

export type Command = (turn: Turn, bot: Bot) => Promise<void>;

export const userOf = (id: number) => `telegram:${id}`;

/** The turn an update is, or undefined where it is none (a service message, a channel post). */
export function turnOf(update: TgUpdate, bot: Bot): Turn | undefined {
  const query = update.callback_query;
  const message = update.message ?? query?.message;
  const from = query?.from ?? update.message?.from;
  if (message === undefined || from === undefined || from.is_bot) return undefined;
  const { chat } = message;
  const isPrivate = chat.type === 'private';
  const user = userOf(from.id);
  const threadId = message.is_topic_message === true ? message.message_thread_id : undefined;
  const replyTo = isPrivate || query !== undefined ? undefined : message.message_id;
  const lang = langOf(bot.journal.preferences(user).lang, from.language_code);
  return {
    updateId: update.update_id,
    from,
    user,
    chat,
    isPrivate,
    place: `${chat.id}:${threadId ?? ''}:${from.id}`,
    view: new ChatView(bot.api, { chatId: chat.id, threadId, replyTo }),
    words: wordsFor(lang),
    text: update.message?.text ?? '',
    message: update.message,
    tap: query === undefined ? undefined : tapOf(query),
  };
}

function tapOf(query: TgCallback): Turn['tap'] {
  return { id: query.id, data: query.data ?? '', messageId: query.message?.message_id };
}
