import { isUnfitPhoto } from './is-unfit-photo.js';
import { markdownToHtml } from './markdown-html.js';
import { type CallPolicy, type TelegramApi, TelegramFault } from './telegram-api.js';
import type { Keyboard, TgMessage } from './types.js';

export interface Place {
  chatId: number;
  threadId?: number | undefined;
  /** In groups: the message that is answered. */
  replyTo?: number | undefined;
}
export interface InvoiceParts {
  title: string;
  description: string;
  payload: string;
  currency: string;
  amount: number;
  providerToken?: string | undefined;
}

const markup = (keyboard: Keyboard | undefined) =>
  keyboard === undefined ? {} : { reply_markup: { inline_keyboard: keyboard } };

/** One chat as the bot writes in it. Every method throws `TelegramFault`. */
export class ChatView {
  /** A group that became a supergroup has another id from then on. */
  #place: Place;

  constructor(
    readonly api: TelegramApi,
    place: Place,
  ) {
    this.#place = place;
  }

  get place(): Place {
    return this.#place;
  }

  /** Plain words of the bot's own. */
  say(text: string, keyboard?: Keyboard): Promise<TgMessage> {
    return this.#send({ text, ...markup(keyboard) });
  }

  /** An answer in Markdown; where Telegram refuses the formatting, the same as plain text. */
  sayMarkdown(text: string, keyboard?: Keyboard): Promise<TgMessage> {
    return formatted(text, (body) => this.#send({ ...body, ...markup(keyboard) }));
  }

  /** Edits a message; if it says so already, that is no failure. */
  async edit(messageId: number, text: string, keyboard?: Keyboard, patienceMs?: number): Promise<void> {
    await this.#change(messageId, { text }, keyboard, patienceMs);
  }
  async editMarkdown(
    messageId: number,
    text: string,
    keyboard?: Keyboard,
    patienceMs?: number,
  ): Promise<void> {
    await formatted(text, (body) => this.#change(messageId, body, keyboard, patienceMs));
  }
  async takeButtonsAway(messageId: number): Promise<void> {
    await this.#call('editMessageReplyMarkup', { message_id: messageId }).catch(ignoreRefusal);
  }
  async remove(messageId: number): Promise<void> {
    await this.#call('deleteMessage', { message_id: messageId }).catch(ignoreRefusal);
  }

  draft(draftId: number, text: string): Promise<unknown> {
    return formatted(text, (body) =>
      this.#call('sendMessageDraft', { draft_id: draftId, ...this.#thread(), ...body }, { patienceMs: 0 }),
    );
  }
  /** A picture; as a file where Telegram does not take it as a picture, and once more after a passing failure. */
  async photo(bytes: Buffer, caption: string, keyboard?: Keyboard): Promise<TgMessage> {
    const file = { source: bytes, filename: 'picture.png' };
    const body = { ...this.#thread(), ...this.#reply(), caption, ...markup(keyboard) };
    const send = (method: string, content: object) =>
      this.#call<TgMessage>(method, { ...body, ...content }, { deadlineMs: 60_000 });
    for (let isAgain = false; ; isAgain = true) {
      try {
        return await send('sendPhoto', { photo: file });
      } catch (error) {
        if (!(error instanceof TelegramFault)) throw error;
        if (isUnfitPhoto(error)) return await send('sendDocument', { document: file });
        // Telegram has said that it failed; where it said nothing, the picture may have arrived.
        if (isAgain || (error.code !== 502 && error.code !== 503)) throw error;
      }
    }
  }
  async action(action: 'typing' | 'upload_photo'): Promise<void> {
    const policy = { patienceMs: 0, deadlineMs: 3_000 };
    await this.#call('sendChatAction', { ...this.#thread(), action }, policy);
  }
  invoice(parts: InvoiceParts): Promise<TgMessage> {
    return this.#call('sendInvoice', { ...this.#thread(), ...invoiceFields(parts) });
  }
  /** A link that subscribes for 30 days at a time, the only period Telegram has. */
  subscriptionLink(parts: InvoiceParts): Promise<string> {
    return this.api.call('createInvoiceLink', { ...invoiceFields(parts), subscription_period: 2_592_000 });
  }

  async #call<T>(method: string, body: object, policy: CallPolicy = {}): Promise<T> {
    const { chatId } = this.#place;
    try {
      return await this.api.call<T>(method, { chat_id: chatId, ...body }, policy);
    } catch (error) {
      const to = error instanceof TelegramFault ? error.migratedTo : undefined;
      if (to === undefined || to === chatId) throw error;
      this.#place = { ...this.#place, chatId: to };
      return await this.api.call<T>(method, { chat_id: to, ...body }, policy);
    }
  }
  #send(body: object): Promise<TgMessage> {
    return this.#call('sendMessage', {
      ...this.#thread(),
      ...this.#reply(),
      link_preview_options: { is_disabled: true },
      ...body,
    });
  }
  async #change(messageId: number, body: object, keyboard?: Keyboard, patienceMs?: number): Promise<void> {
    const params = {
      message_id: messageId,
      link_preview_options: { is_disabled: true },
      ...body,
      ...markup(keyboard),
    };
    const policy = patienceMs === undefined ? {} : { patienceMs };
    await this.#call('editMessageText', params, policy).catch((error: unknown) => {
      if (!(error instanceof TelegramFault) || !error.says('message is not modified')) throw error;
    });
  }
  #thread(): object {
    return this.place.threadId === undefined ? {} : { message_thread_id: this.place.threadId };
  }
  #reply(): object {
    if (this.place.replyTo === undefined) return {};
    return { reply_parameters: { message_id: this.place.replyTo, allow_sending_without_reply: true } };
  }
}

function invoiceFields(parts: InvoiceParts): object {
  const { title, description, payload, currency, amount, providerToken } = parts;
  const prices = [{ label: title, amount }];
  const provider = providerToken === undefined ? {} : { provider_token: providerToken };
  // Telegram's own bounds; a product's name comes from the service and may be longer.
  const texts = { title: title.slice(0, 32), description: description.slice(0, 255) };
  return { ...texts, payload, currency, prices, ...provider };
}

async function formatted<T>(text: string, send: (body: object) => Promise<T>): Promise<T> {
  try {
    return await send({ text: markdownToHtml(text), parse_mode: 'HTML' });
  } catch (error) {
    if (!(error instanceof TelegramFault) || !error.says("can't parse entities")) throw error;
    return await send({ text });
  }
}

/** Tidies up; it does not matter if that fails. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof TelegramFault)) throw error;
}
