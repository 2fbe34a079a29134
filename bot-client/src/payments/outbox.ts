import { setTimeout as pause } from 'node:timers/promises';
import { Backoff } from '../../../common/src/backoff.js';
import { type BillingClient, BillingError, type PaymentRequest } from '../billing/index.js';
import type { Journal } from '../journal/journal.js';
import type { OutboxItem } from '../journal/journal-state.js';
import { errorFields, type Log } from '../log.js';

/** What became of an outbox item; `late`: the service was away and the user should know that nothing is lost. */
export interface OutboxEvents {
  done(item: OutboxItem, answer: unknown): Promise<void>;
  late(item: OutboxItem): Promise<void>;
  stuck(item: OutboxItem, error: BillingError): Promise<void>;
}

const RETRIES = { firstMs: 1_000, longestMs: 60_000 };
const MOST_FINISHED = 1_000;
/** A refusal for good: a person has to look; it is still tried, in case the service gets repaired. */
const STUCK_WAIT_MS = 600_000;

/**
 * Calls the service must get: payments, their refunds, channel membership. Each is on disk before it is begun and until
 * it is acknowledged, and is sent again for as long as that takes. One user's go in order.
 */
export class Outbox {
  readonly #billing: BillingClient;
  readonly #journal: Journal;
  readonly #events: OutboxEvents;
  readonly #log: Log;
  readonly #firstWaitMs: number;
  readonly #chains = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  /** Telegram reports our own refunds back to us; they need not be carried out and told twice. */
  readonly #finished = new Set<string>();

  constructor(
    billing: BillingClient,
    journal: Journal,
    events: OutboxEvents,
    log: Log,
    firstWaitMs = RETRIES.firstMs,
  ) {
    this.#billing = billing;
    this.#journal = journal;
    this.#events = events;
    this.#log = log;
    this.#firstWaitMs = firstWaitMs;
  }

  /** Takes up what was owed at the last stop. */
  start(): void {
    for (const item of this.#journal.outboxItems()) this.#enqueue(item);
  }

  /** Resolves when the item can no longer be lost; it is done later. */
  async add(item: OutboxItem, updateId?: number): Promise<void> {
    if (this.#finished.has(item.id)) return;
    const known = this.#journal.outboxItems().some((one) => one.id === item.id);
    await this.#journal.owe(item, updateId);
    if (!known) this.#enqueue(item);
  }

  stop(): void {
    this.#stopping.abort();
  }

  #enqueue(item: OutboxItem): void {
    const before = this.#chains.get(item.user) ?? Promise.resolve();
    const chain = before.then(() => this.#carry(item));
    this.#chains.set(item.user, chain);
    const forget = () => {
      if (this.#chains.get(item.user) === chain) this.#chains.delete(item.user);
    };
    chain.then(forget, forget);
  }

  async #carry(item: OutboxItem): Promise<void> {
    const backoff = new Backoff({ ...RETRIES, firstMs: this.#firstWaitMs });
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt++) {
      try {
        const answer = await this.#send(item);
        // Told before it is struck off: better to say thank you twice after a crash than never.
        await this.#events.done(item, answer);
        await this.#journal.paid(item.id);
        this.#finish(item.id);
        return;
      } catch (error) {
        this.#log.warn('an outbox item is not done yet', { item: item.id, attempt, ...errorFields(error) });
        const final = error instanceof BillingError && error.status >= 400 && error.status < 500;
        if (final && attempt === 1) await this.#events.stuck(item, error).catch(() => undefined);
        else if (attempt === 1) await this.#events.late(item).catch(() => undefined);
        await this.#wait(final ? STUCK_WAIT_MS : backoff.nextMs());
      }
    }
  }

  #finish(id: string): void {
    this.#finished.add(id);
    if (this.#finished.size > MOST_FINISHED)
      this.#finished.delete(this.#finished.values().next().value as string);
  }

  #send({ kind, user, body }: OutboxItem): Promise<unknown> {
    if (kind === 'payment') return this.#billing.pay(body as unknown as PaymentRequest);
    if (kind === 'channel') return this.#billing.setChannelSubscription(user, body.subscribed === true);
    return this.#billing.refundPayment(String(body.provider), String(body.paymentId));
  }

  async #wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => undefined);
  }
}
