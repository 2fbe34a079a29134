import { setTimeout as pause } from 'node:timers/promises';
import { Backoff } from '../../../common/src/backoff.js';
import { errorFields } from '../log.js';
import { TelegramFault } from '../telegram/telegram-api.js';
import type { TgStarTransaction, TgTransactionPartner, TgUser } from '../telegram/types.js';
import { tellAdmins } from '../tell-admins.js';
import { type Bot, userOf } from '../turn.js';
import { providerOf, STARS } from './product.js';
import { starPages } from './star-pages.js';
import { noteSubscription } from './subscriptions.js';
import { paymentItem, refundItem } from './take-payment.js';

const EVERY_MS = 3_600_000;
/** The update of a payment younger than this may still be on its way; then there is nothing to find. */
const RIPE_MS = 15_000;
/** Without a mark (the first start, or a journal that was lost) older payments are the operator's own to compare. */
const OLDEST_MS = 7 * 86_400_000;
const RETRIES = { firstMs: 1_000, longestMs: 30_000 };
const PROVIDER = providerOf(STARS);

/**
 * Compares Telegram's list of Stars with what the service knows, at the start and every hour: Telegram keeps an update for
 * a day, so the payer of a longer absence would have paid for nothing. What is missing goes to the outbox under the name
 * its update would have, so that whichever comes first is the only one.
 */
export class Reconciler {
  readonly #bot: Bot;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #busy = false;
  /** What this round found missing, for the admins. */
  #found: string[] = [];

  constructor(bot: Bot) {
    this.#bot = bot;
  }

  get busy(): boolean {
    return this.#busy;
  }

  start(): void {
    this.#busy = true;
    this.#running ??= this.#keepComparing();
  }

  /** Resolves when nothing is under way that may still be written down. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #keepComparing(): Promise<void> {
    const backoff = new Backoff(RETRIES);
    while (!this.#stopping.signal.aborted) {
      this.#busy = true;
      let waitMs = EVERY_MS;
      try {
        if (!(await this.#compare())) waitMs = RIPE_MS;
        backoff.reset();
      } catch (error) {
        if (!isRefusal(error)) waitMs = backoff.nextMs();
        this.#bot.log.warn('Stars were not compared, will try again', { waitMs, ...errorFields(error) });
      }
      await this.#tell();
      this.#busy = false;
      await pause(waitMs, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => undefined);
    }
  }

  /** False: some were too young to tell, so there is more to come soon. */
  async #compare(): Promise<boolean> {
    const { api, journal } = this.#bot;
    for await (const { transactions, before, isBehindMark } of starPages(api, journal.starsMark())) {
      const young = transactions.findIndex((one) => ageMs(one) < RIPE_MS);
      const ripe = young < 0 ? transactions : transactions.slice(0, young);
      const due = isBehindMark ? ripe : ripe.filter((one) => ageMs(one) < OLDEST_MS);
      const back = new Set(due.filter((one) => payerOf(one.receiver)).map(({ id }) => id));
      for (const one of due) {
        if (this.#stopping.signal.aborted) return true;
        await this.#take(one, back);
      }
      const last = ripe.at(-1);
      if (last !== undefined)
        await journal.compared({ count: before + ripe.length, id: last.id, date: last.date });
      if (young >= 0) return false;
    }
    return true;
  }

  async #take(transaction: TgStarTransaction, back: ReadonlySet<string>): Promise<void> {
    const { id, source, receiver } = transaction;
    const { billing, journal, outbox } = this.#bot;
    const payer = payerOf(source) ?? payerOf(receiver);
    if (payer === undefined) return;
    const isRefund = payerOf(source) === undefined;
    const waiting = journal.outboxItem(`payment:${PROVIDER}:${id}`);
    const known = await billing.payment(userOf(payer.id), PROVIDER, id);
    if (isRefund) {
      if (journal.outboxItem(`payment-refund:${PROVIDER}:${id}`) !== undefined) return;
      // Of a payment that nobody knows, nothing was given.
      if (waiting === undefined && known?.refundedAt !== null) return;
      await outbox.add(refundItem(payer, payer.id, paidOf(transaction)));
    } else {
      if (waiting !== undefined || known !== undefined || back.has(id)) return;
      await noteSubscription(paidOf(transaction), payer, this.#bot);
      await outbox.add(paymentItem(payer, payer.id, paidOf(transaction)));
    }
    this.#found.push(id);
  }

  async #tell(): Promise<void> {
    const found = this.#found;
    if (found.length === 0) return;
    this.#found = [];
    const bot = this.#bot;
    bot.metrics.payments.inc({ outcome: 'found by comparing' }, found.length);
    bot.log.warn('Stars moved without the bot hearing of it', { found });
    await tellAdmins(bot, (words) => words.admin.starsFound(found));
  }
}

const ageMs = ({ date }: TgStarTransaction) => Date.now() - date * 1000;

/** Who paid an invoice, or was paid back for one; undefined where Stars moved for another reason. */
function payerOf(partner: TgTransactionPartner | undefined): TgUser | undefined {
  const { type, transaction_type: kind = 'invoice_payment', user } = partner ?? {};
  return type === 'user' && kind === 'invoice_payment' ? user : undefined;
}

/** The transaction as its payment's own update would tell it. */
function paidOf({ id, amount, date, source }: TgStarTransaction) {
  const { invoice_payload = '', subscription_period: period } = source ?? {};
  return {
    currency: STARS,
    total_amount: amount,
    invoice_payload,
    telegram_payment_charge_id: id,
    ...(period === undefined ? {} : { is_recurring: true, subscription_expiration_date: date + period }),
  };
}

/** Telegram has said no: asking again soon would not change that. */
function isRefusal(error: unknown): boolean {
  return error instanceof TelegramFault && error.code >= 400 && error.code < 500 && error.code !== 429;
}
