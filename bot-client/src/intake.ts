import { BillingError } from './billing/index.js';
import { cancel, stop } from './commands/cancel.js';
import { commandFor, commandOf } from './commands/table.js';
import type { RawUpdate } from './journal/journal-state.js';
import { errorFields } from './log.js';
import { takeMembership } from './payments/membership.js';
import { answerPreCheckout } from './payments/pre-checkout.js';
import { takeSubscriptionChange } from './payments/subscriptions.js';
import { takePayment, takeRefund } from './payments/take-payment.js';
import { ChatQueues } from './telegram/chat-queues.js';
import { TelegramFault } from './telegram/telegram-api.js';
import type { TgUpdate } from './telegram/types.js';
import { type Bot, type Turn, turnOf } from './turn.js';

/**
 * Takes updates in: each is written down first, then worked in the user's own queue. Payments, Stop and /cancel overtake
 * the queues.
 */
export class Intake {
  readonly #bot: Bot;
  readonly #queues = new ChatQueues();
  /** Under way outside the queues; each hears its own failure. */
  readonly #asides = new Set<Promise<void>>();

  constructor(bot: Bot) {
    this.#bot = bot;
    bot.metrics.watch('farebox_bot_updates_running', 'Updates being worked', () => this.#queues.size);
    bot.metrics.watch('farebox_bot_work_open', 'Paid work not settled yet', () => bot.journal.open().length);
    const outbox = () => bot.journal.outboxItems();
    bot.metrics.watch(
      'farebox_bot_outbox_open',
      'Calls the service has not taken yet',
      () => outbox().length,
    );
    bot.metrics.watch(
      'farebox_bot_outbox_refused',
      'Those that it refused, and that a person must see to',
      () => outbox().filter(({ told }) => told === 'refused').length,
    );
    bot.metrics.watch(
      'farebox_bot_outbox_oldest_seconds',
      'How long the oldest of them has been tried since the start',
      () => bot.outbox.oldestMs() / 1000,
    );
    bot.metrics.watch(
      'farebox_bot_updates_open',
      'Updates that are written down and not done',
      () => bot.journal.unfinished().length,
    );
  }

  /** Resolves when the update is safe on disk; throws only where it could not be written. */
  async accept(update: TgUpdate): Promise<void> {
    this.#bot.metrics.updates.inc({ kind: kindOf(update) });
    if (update.pre_checkout_query !== undefined) {
      // A pre-checkout is worthless after ten seconds and charges nobody: it does not even wait for the disk.
      void answerPreCheckout(update.pre_checkout_query, this.#bot).catch((error) => this.#unexpected(error));
      return;
    }
    if (await this.#bot.journal.accept(update as unknown as RawUpdate)) this.#begin(update);
    else this.#bot.metrics.redelivered.inc();
  }

  /**
   * What was accepted before a restart is queued ahead of everything new, where a second tap and /cancel find it. Its
   * work begins when `recovered` has settled.
   */
  resume(leftOver: readonly TgUpdate[], recovered: Promise<unknown>): void {
    for (const update of leftOver) this.#begin(update, true);
    const release = () => this.#queues.release();
    recovered.then(release, release);
  }

  #begin(update: TgUpdate, held = false): void {
    const turn = turnOf(update, this.#bot);
    const service = this.#serviceWork(update) ?? (turn === undefined ? Promise.resolve() : undefined);
    if (service !== undefined) this.#aside(update, service);
    else if (turn !== undefined && this.#passesTheLine(turn)) this.#aside(update, this.#atOnce(turn));
    else if (turn !== undefined) this.#enqueue(update, turn, held);
  }

  /** Nothing accepted is left to do. */
  get idle(): boolean {
    return this.#queues.empty && this.#asides.size === 0;
  }

  /** Nothing more is begun; resolves when what runs has ended. */
  async drain(): Promise<void> {
    await this.#queues.drain();
    while (this.#asides.size > 0) await Promise.all(this.#asides);
  }

  #enqueue(update: TgUpdate, turn: Turn, held: boolean): void {
    const { tap, place, words } = turn;
    // Taps have a line of their own: looking at the plans need not wait for a picture.
    const line = `${tap === undefined ? 'message' : 'tap'}:${place}`;
    const button = tap && `${tap.messageId}:${tap.data}`;
    const drop = () => this.#aside(update, Promise.resolve());
    // An impatient second tap is not a second order.
    if (tap !== undefined && button !== undefined && this.#queues.has(line, button)) {
      void this.#answerTap(tap.id, words.basics.alreadyAtIt);
      // It is done even if Telegram cannot be told: after a restart it would stand alone and be taken for an order.
      drop();
      return;
    }
    const taken = this.#queues.add(line, { run: () => this.#traced(turn), drop, of: button }, held);
    if (!taken) this.#aside(update, turn.view.say(words.basics.tooManyWaiting));
  }

  /** What Telegram itself reports: money and members. Undefined: a person wrote or tapped. */
  #serviceWork(update: TgUpdate): Promise<void> | undefined {
    const { message, chat_member, subscription, update_id: id } = update;
    const { from, successful_payment: paid, refunded_payment: back } = message ?? {};
    if (message !== undefined && from !== undefined) {
      if (paid !== undefined) return takePayment(message, paid, from, id, this.#bot);
      if (back !== undefined) return takeRefund(message, back, from, id, this.#bot);
    }
    if (subscription !== undefined) return takeSubscriptionChange(subscription, this.#bot);
    return chat_member === undefined ? undefined : takeMembership(chat_member, id, this.#bot);
  }

  #passesTheLine(turn: Turn): boolean {
    if (turn.tap !== undefined) return turn.tap.data.startsWith('stop:');
    return commandOf(turn.text, this.#bot.me()?.username)?.name === 'cancel';
  }

  async #atOnce(turn: Turn): Promise<void> {
    const { tap } = turn;
    if (tap === undefined) await cancel(this.#queues.dropWaiting(`message:${turn.place}`))(turn, this.#bot);
    else await this.#answerTap(tap.id, stop(tap.data.slice('stop:'.length))(turn, this.#bot));
  }

  #traced(turn: Turn): Promise<void> {
    return this.#bot.tracing.within(turn.tap ? 'tap' : 'message', () => this.#work(turn));
  }

  async #work(turn: Turn): Promise<void> {
    try {
      const command = commandFor(turn, this.#bot);
      // The tap is answered first: until then the button shows a spinner.
      const notice = command === undefined ? turn.words.basics.unknownButton : undefined;
      if (turn.tap !== undefined) void this.#answerTap(turn.tap.id, notice);
      await command?.(turn, this.#bot);
    } catch (error) {
      await this.#apologise(turn, error);
    }
    await this.#bot.journal.done(turn.updateId).catch((error) => this.#unexpected(error));
  }

  async #apologise(turn: Turn, error: unknown): Promise<void> {
    const away = error instanceof BillingError && error.retryable;
    if (away) this.#bot.log.warn('the service is away', errorFields(error));
    else this.#unexpected(error);
    // Someone who blocked the bot cannot be told either.
    if (error instanceof TelegramFault && error.code === 403) return;
    const { serviceAway } = turn.words.work;
    await turn.view.say(away ? serviceAway : turn.words.basics.oops).catch(() => undefined);
  }

  /** Work outside the queues; the update is done when the work is. */
  #aside(update: TgUpdate, work: Promise<unknown>): void {
    const aside = work
      .catch((error) => this.#unexpected(error))
      .then(() => this.#bot.journal.done(update.update_id))
      .catch((error) => this.#unexpected(error))
      .then(() => {
        this.#asides.delete(aside);
      });
    this.#asides.add(aside);
  }

  async #answerTap(id: string, text?: string): Promise<void> {
    const notice = text === undefined ? {} : { text };
    // Telegram forgets a tap after a while; then there is no spinner left to end.
    await this.#bot.api
      .call('answerCallbackQuery', { callback_query_id: id, ...notice }, { patienceMs: 2_000 })
      .catch(() => undefined);
  }

  #unexpected(error: unknown): void {
    this.#bot.metrics.errors.inc();
    this.#bot.log.error('unexpected', errorFields(error));
  }
}

function kindOf(update: TgUpdate): string {
  if (update.message?.successful_payment !== undefined) return 'payment';
  return Object.keys(update).find((key) => key !== 'update_id') ?? 'none';
}
