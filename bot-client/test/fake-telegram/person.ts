import { charged } from './star-list.js';
import type { Button, FakeChat, FakeMessage, FakeUser, Invoice, Kept } from './types.js';
import type { World } from './world.js';

/** What Telegram showed a payer, and the numbers of the updates it sent the bot. */
export interface Paid {
  ok: boolean;
  error?: string;
  chargeId?: string;
  answeredInMs: number;
  preCheckoutId: number;
  updateId?: number;
}

/** One human in front of the fake Telegram: writes, taps, pays, joins channels. Every act returns its update's id. */
export class Person {
  readonly #world: World;

  constructor(
    world: World,
    readonly user: FakeUser,
  ) {
    this.#world = world;
  }

  get id(): number {
    return this.user.id;
  }

  /** Writes `text`, in the private chat or in `chatId`; commands get their entity as Telegram would. */
  says(text: string, where: { chatId?: number; threadId?: number; replyTo?: FakeMessage } = {}): number {
    const chat = this.#chat(where.chatId);
    const command = /^\/[a-z0-9_]+(@\w+)?/i.exec(text)?.[0];
    const entities: FakeMessage['entities'] = [];
    if (command !== undefined) entities.push({ type: 'bot_command', offset: 0, length: command.length });
    for (const found of text.matchAll(/(?<=^|\s)@\w+/g))
      entities.push({ type: 'mention', offset: found.index, length: found[0].length });
    const message = this.#world.add({
      chat,
      from: this.user,
      text,
      ...(entities.length > 0 ? { entities } : {}),
      ...(where.threadId === undefined ? {} : { message_thread_id: where.threadId, is_topic_message: true }),
      ...(where.replyTo === undefined ? {} : { reply_to_message: where.replyTo }),
    });
    return this.#world.feed.add('message', message);
  }

  /** Sends what is not plain text: `{ photo: […], caption }`, `{ sticker: {} }`, or with another sender's marks. */
  sends(content: object, chatId = this.id): number {
    const message = this.#world.add({ chat: this.#chat(chatId), from: this.user, ...content });
    return this.#world.feed.add('message', message);
  }

  /** The messages of a chat that still stand. */
  sees(chatId = this.id): Kept[] {
    return (this.#world.messages.get(chatId) ?? []).filter((kept) => !kept.deleted);
  }

  /** Taps the newest button whose text or data contains `label`. */
  taps(label: string, chatId = this.id): number {
    return this.finger(label, chatId)();
  }

  /** Taps that same button at each call, even if there are newer ones by then. */
  finger(label: string, chatId = this.id): () => number {
    for (const kept of this.sees(chatId).reverse()) {
      const buttons = kept.message.reply_markup?.inline_keyboard?.flat() ?? [];
      const button = buttons.find((one) => one.text.includes(label) || one.callback_data?.includes(label));
      if (button?.callback_data !== undefined) return () => this.tapButton(kept.message, button);
    }
    throw new Error(`no button "${label}" in chat ${chatId}`);
  }

  tapButton(message: FakeMessage, button: Button): number {
    const id = `cb-${this.#world.serial()}`;
    this.#world.taps.set(id, { userId: this.id });
    const query = {
      id,
      from: this.user,
      message,
      chat_instance: String(message.chat.id),
      data: button.callback_data,
    };
    return this.#world.feed.add('callback_query', query);
  }

  /** Pays the newest invoice of the private chat, or one behind a link; answers what Telegram showed the payer. */
  async pays(link?: string): Promise<Paid> {
    const invoice = link === undefined ? this.#newestInvoice() : this.#world.links.get(link);
    if (invoice === undefined) throw new Error('no invoice to pay');
    const id = `pcq-${this.#world.serial()}`;
    const askedAtMs = Date.now();
    const asked = new Promise<{ ok: boolean; error?: string }>((resolve) => {
      const settle = (ok: boolean, error?: string) =>
        resolve({ ok, ...(error === undefined ? {} : { error }) });
      this.#world.preCheckouts.set(id, { userId: this.id, askedAtMs, settle });
      setTimeout(() => settle(false, 'The bot did not answer in time'), 10_000).unref();
    });
    const { currency, amount: total_amount, payload: invoice_payload } = invoice;
    const preCheckoutId = this.#world.feed.add('pre_checkout_query', {
      id,
      from: this.user,
      currency,
      total_amount,
      invoice_payload,
    });
    const answer = await asked;
    const answeredInMs = Date.now() - askedAtMs;
    if (!answer.ok) return { ...answer, answeredInMs, preCheckoutId };
    return { ok: true, answeredInMs, preCheckoutId, ...this.charged(invoice, true) };
  }

  /** The money has moved: the service message and its update; for a subscription's renewal, the `periods`th of them. */
  charged(
    invoice: Invoice,
    first: boolean,
    periods = 1,
    date = Math.floor(Date.now() / 1000),
  ): { chargeId: string; updateId: number } {
    const chargeId = `stx${this.#world.serial()}_${this.id}`;
    const charge = { chargeId, userId: this.id, chatId: this.id, invoice, refunded: false };
    charged(this.#world, charge, date);
    const period = invoice.subscriptionSeconds;
    const subscription =
      period === undefined
        ? {}
        : {
            subscription_expiration_date: date + period * periods,
            is_recurring: true,
            ...(first ? { is_first_recurring: true } : {}),
          };
    const successful_payment = {
      currency: invoice.currency,
      total_amount: invoice.amount,
      invoice_payload: invoice.payload,
      telegram_payment_charge_id: chargeId,
      provider_payment_charge_id: `prov-${chargeId}`,
      ...subscription,
    };
    const message = this.#world.add({ chat: this.#chat(), from: this.user, successful_payment });
    return { chargeId, updateId: this.#world.feed.add('message', message) };
  }

  /** Ends or resumes a subscription in Telegram's settings, or has no Stars left when it is due. */
  subscription(invoice: Invoice, state: 'canceled' | 'active' | 'failed'): number {
    const kept = this.#world.subscriptions.get(`${this.id} ${invoice.payload}`);
    if (kept !== undefined) kept.isEndedByUser = state === 'canceled';
    const change = { user: this.user, invoice_payload: invoice.payload, state };
    return this.#world.feed.add('subscription', change);
  }

  /** Joins or leaves a channel; the bot gets the `chat_member` update if it asked for those. */
  joins(channelId: number, status: 'member' | 'left' = 'member'): number {
    const chat = this.#chat(channelId);
    const before = this.#world.members.get(`${channelId}:${this.id}`) ?? 'left';
    this.#world.members.set(`${channelId}:${this.id}`, status);
    return this.#world.feed.add('chat_member', {
      chat,
      from: this.user,
      date: Math.floor(Date.now() / 1000),
      old_chat_member: { status: before, user: this.user },
      new_chat_member: { status, user: this.user },
    });
  }

  #newestInvoice(): Invoice | undefined {
    return this.sees().findLast((kept) => kept.invoice !== undefined)?.invoice;
  }

  #chat(id = this.id): FakeChat {
    return this.#world.chat(id);
  }
}
