import { EventEmitter } from 'node:events';
import { badRequest, forbidden, TelegramRefusal } from './refusal.js';
import type {
  FakeChat,
  FakeMessage,
  FakeUser,
  Invoice,
  Kept,
  Markup,
  NewMessage,
  Uploaded,
} from './types.js';
import { UpdateFeed } from './update-feed.js';

export interface Charge {
  chargeId: string;
  userId: number;
  chatId: number;
  invoice: Invoice;
  refunded: boolean;
}
/** A movement of Stars as Telegram lists it. */
export interface Transaction {
  id: string;
  amount: number;
  date: number;
  source?: object;
  receiver?: object;
}
/** What Telegram renews; ended by its user or by the bot, and each can take back only what was its own. */
export interface FakeSubscription {
  userId: number;
  invoice: Invoice;
  isEndedByUser: boolean;
  isEndedByBot: boolean;
}
export interface Call {
  method: string;
  params: Record<string, unknown>;
  atMs: number;
  error?: string;
}
export interface PreCheckout {
  userId: number;
  askedAtMs: number;
  answeredAtMs?: number;
  settle: (ok: boolean, error?: string) => void;
}

/** Everything the fake Telegram knows: people, chats, messages, members, Stars. Emits `change` when a chat changes. */
export class World extends EventEmitter {
  readonly bot: FakeUser = { id: 777, is_bot: true, first_name: 'Farebox', username: 'farebox_bot' };
  readonly feed = new UpdateFeed();
  readonly users = new Map<number, FakeUser>();
  /** Groups that became supergroups, and the ids these have. */
  readonly migrated = new Map<number, number>();
  readonly chats = new Map<number, FakeChat>();
  readonly messages = new Map<number, Kept[]>();
  readonly drafts = new Map<number, string>();
  readonly members = new Map<string, string>();
  readonly actions: { chatId: number; action: string; atMs: number }[] = [];
  readonly files = new Map<string, Uploaded>();
  readonly links = new Map<string, Invoice>();
  readonly charges = new Map<string, Charge>();
  /** By the user and the payload. */
  readonly subscriptions = new Map<string, FakeSubscription>();
  /** Oldest first. */
  readonly transactions: Transaction[] = [];
  readonly preCheckouts = new Map<string, PreCheckout>();
  readonly taps = new Map<
    string,
    { userId: number; answeredAtMs?: number; text?: string; alert?: boolean }
  >();
  readonly calls: Call[] = [];
  readonly blocked = new Set<number>();
  readonly menus = new Map<string, { command: string; description: string }[]>();
  draftsSupported = true;
  #nextMessageId = 1;
  #nextSerial = 1;

  serial(): number {
    return this.#nextSerial++;
  }

  chat(id: unknown): FakeChat {
    const found =
      typeof id === 'string'
        ? [...this.chats.values()].find((chat) => `@${chat.username}` === id)
        : this.chats.get(Number(id));
    if (found === undefined) throw badRequest('chat not found');
    return found;
  }

  /** The chat the bot wants to write to; refuses as Telegram does where it may not. */
  writableChat(id: unknown): FakeChat {
    const chat = this.chat(id);
    const to = this.migrated.get(chat.id);
    if (to !== undefined)
      throw new TelegramRefusal(
        400,
        'Bad Request: group chat was upgraded to a supergroup chat',
        undefined,
        to,
      );
    if (this.blocked.has(chat.id)) throw forbidden('bot was blocked by the user');
    if (chat.type === 'private' && !this.messages.has(chat.id))
      throw forbidden("bot can't initiate conversation with a user");
    return chat;
  }

  add(message: NewMessage, kept: Partial<Kept> = {}): FakeMessage {
    const whole = {
      ...message,
      message_id: this.#nextMessageId++,
      date: Math.floor(Date.now() / 1000),
    } as FakeMessage;
    const list = this.messages.get(whole.chat.id) ?? [];
    list.push({
      message: whole,
      raw: whole.text ?? '',
      parseMode: undefined,
      edits: 0,
      deleted: false,
      ...kept,
    });
    this.messages.set(whole.chat.id, list);
    this.emit('change', whole.chat.id);
    return whole;
  }

  find(chatId: number, messageId: unknown): Kept | undefined {
    return this.messages.get(chatId)?.find((kept) => kept.message.message_id === messageId && !kept.deleted);
  }

  /** A message of the bot's own, for an edit. */
  own(chatId: number, messageId: unknown): Kept {
    const kept = this.find(chatId, messageId);
    if (kept === undefined) throw badRequest('message to edit not found');
    if (kept.message.from.id !== this.bot.id) throw badRequest("message can't be edited");
    return kept;
  }

  setMarkup(kept: Kept, markup: Markup | undefined): void {
    if (markup === undefined) delete kept.message.reply_markup;
    else kept.message.reply_markup = markup;
    this.emit('change', kept.message.chat.id);
  }
}
