import type { AiBackend } from './ai/backend.js';
import type { BillingClient, MeteringClient } from './billing/index.js';
import type { Config } from './config.js';
import type { Journal } from './journal/journal.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';
import type { Catalogue } from './payments/catalogue.js';
import type { Outbox } from './payments/outbox.js';
import { langOf, wordsFor } from './replies/replies.js';
import type { Media, Words } from './replies/words.js';
import { ChatView } from './telegram/chat-view.js';
import type { DraftSupport } from './telegram/draft-support.js';
import { mediaOf } from './telegram/media-of.js';
import type { TelegramApi } from './telegram/telegram-api.js';
import type { TgCallback, TgChat, TgMessage, TgUpdate, TgUser } from './telegram/types.js';
import type { Tracing } from './tracing.js';
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
  /** The last album seen in each place: its parts come one by one and are spoken of once. */
  albums: Map<string, string>;
  /** Names this start of the process: work with another name was cut off by a crash or a stop. */
  session: string;
  log: Log;
  metrics: Metrics;
  tracing: Tracing;
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
  /** The message's words, or those below its picture or file. */
  text: string;
  /** What else it holds, which is not read. */
  media: Media | undefined;
  message: TgMessage | undefined;
  tap: { id: string; data: string; messageId: number | undefined } | undefined;
}

export type Command = (turn: Turn, bot: Bot) => Promise<void>;

/** Under this id Telegram itself writes, and copies channel posts into their groups. */
const TELEGRAM_ID = 777_000;
const isPerson = (from: TgUser) => !from.is_bot && from.id !== TELEGRAM_ID;

export const userOf = (id: number) => `telegram:${id}`;

/** The turn an update is, or undefined where it is none (a service message, a channel post). */
export function turnOf(update: TgUpdate, bot: Bot): Turn | undefined {
  const query = update.callback_query;
  const message = update.message ?? query?.message;
  const from = query?.from ?? update.message?.from;
  if (message === undefined || from === undefined || !isPerson(from)) return undefined;
  // A channel's post that Telegram copied here, or someone behind a chat's name: nobody who could have an account.
  const { sender_chat, is_automatic_forward } = update.message ?? {};
  if (sender_chat !== undefined || is_automatic_forward === true) return undefined;
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
    text: update.message?.text ?? update.message?.caption ?? '',
    media: update.message === undefined ? undefined : mediaOf(update.message),
    message: update.message,
    tap: query === undefined ? undefined : tapOf(query),
  };
}

function tapOf(query: TgCallback): Turn['tap'] {
  return { id: query.id, data: query.data ?? '', messageId: query.message?.message_id };
}
