import { setTimeout as pause } from 'node:timers/promises';
import { Backoff } from '../../../common/src/backoff.js';
import { type BillingClient, BillingError, type PaymentRequest } from '../billing/index.js';
import type { Journal } from '../journal/journal.js';
import type { OutboxItem } from '../journal/journal-state.js';
import { errorFields, type Log } from '../log.js';
import { payOnce } from './pay-once.js';

/** What became of an outbox item. Each is told once, also over a restart. */
export interface OutboxEvents {
  done(item: OutboxItem, answer: unknown): Promise<void>;
  /** The service is away, and the user should know that nothing is lost. */
  late(item: OutboxItem): Promise<void>;
  /** The service will not take it as long as a person does nothing about it. */
  refused(item: OutboxItem, error: BillingError): Promise<void>;
  /** The service does not let this bot in. */
  shutOut(error: BillingError): Promise<void>;
}
/** What waits, and why where that is known by now. */
export interface Waiting {
  item: OutboxItem;
  why: string | undefined;
}

const RETRIES = { firstMs: 1_000, longestMs: 60_000 };
const MOST_FINISHED = 1_000;
/** What was refused for good is still tried, in case the service gets repaired. */
const REFUSED_WAIT_MS = 600_000;

/**
 * Calls the service must get: payments, their refunds, channel membership. Each is on disk before it is begun and until
 * it is acknowledged or an admin ends it, and is sent again for as long as that takes. In order are only a payment and
 * its refund, and one user's comings and goings: nothing waits for another payment.
 */
export class Outbox {
  readonly #billing: BillingClient;
  readonly #journal: Journal;
  readonly #events: OutboxEvents;
  readonly #log: Log;
  readonly #firstWaitMs: number;
  readonly #chains = new Map<string, Promise<void>>();
  /** Since when each is tried, in this process. */
  readonly #since = new Map<string, number>();
  readonly #why = new Map<string, string>();
  /** Ends the pause before an item's next try. */
  readonly #pauses = new Map<string, AbortController>();
  #stopped = false;
  #isShutOut = false;
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
    const known = this.#journal.outboxItem(item.id);
    await this.#journal.owe(known ?? item, updateId);
    if (known !== undefined) return;
    this.#enqueue(item);
    // Its payment may wait for its next try, which is then no longer wanted.
    if (item.kind === 'payment-refund') this.#pauses.get(`payment:${subjectOf(item)}`)?.abort();
  }

  /** Oldest first. */
  waiting(): Waiting[] {
    return this.#journal.outboxItems().map((item) => ({ item, why: this.#why.get(item.id) }));
  }

  /** How long the oldest has been tried, in ms; after a restart counted from there. */
  oldestMs(): number {
    return Math.max(0, ...[...this.#since.values()].map((since) => performance.now() - since));
  }

  /** An admin has seen to it: it is not sent again. False: no such item waits. */
  async drop(id: string): Promise<boolean> {
    if (this.#journal.outboxItem(id) === undefined) return false;
    await this.#finish(id);
    this.#pauses.get(id)?.abort();
    return true;
  }

  /** Begins no further try; resolves when nothing is under way that may still be written down. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const wait of this.#pauses.values()) wait.abort();
    await Promise.allSettled(this.#chains.values());
  }

  #enqueue(item: OutboxItem): void {
    const subject = subjectOf(item);
    this.#since.set(item.id, performance.now());
    const carry = () => this.#carry(item);
    const chain = (this.#chains.get(subject) ?? Promise.resolve()).then(carry, carry);
    this.#chains.set(subject, chain);
    const forget = () => {
      if (this.#chains.get(subject) === chain) this.#chains.delete(subject);
    };
    chain.then(forget, forget);
  }

  async #carry(item: OutboxItem): Promise<void> {
    const backoff = new Backoff({ ...RETRIES, firstMs: this.#firstWaitMs });
    while (!this.#stopped && this.#journal.outboxItem(item.id) !== undefined) {
      if (await this.#isGivenBack(item)) return;
      try {
        const answer = await this.#send(item);
        this.#isShutOut = false;
        // Told before it is struck off: better to say thank you twice after a crash than never.
        if (answer !== undefined) await this.#events.done(item, answer);
        await this.#finish(item.id);
        return;
      } catch (error) {
        if (this.#stopped) return;
        const isFinal = error instanceof BillingError && error.final;
        await this.#tellFailure(item, error, isFinal);
        await this.#wait(item.id, isFinal ? REFUSED_WAIT_MS : backoff.nextMs());
      }
    }
  }

  async #tellFailure(item: OutboxItem, error: unknown, isFinal: boolean): Promise<void> {
    this.#why.set(item.id, (error as Error).message);
    this.#log.warn('an outbox item is not done yet', { item: item.id, ...errorFields(error) });
    if (error instanceof BillingError && (error.status === 401 || error.status === 403) && !this.#isShutOut) {
      this.#isShutOut = true;
      await this.#events.shutOut(error).catch(() => undefined);
    }
    const told = this.#journal.outboxItem(item.id)?.told;
    if (isFinal && told !== 'refused') {
      await this.#events.refused(item, error as BillingError).catch(() => undefined);
      await this.#journal.told(item.id, 'refused');
    } else if (!isFinal && told === undefined) {
      await this.#events.late(item).catch(() => undefined);
      await this.#journal.told(item.id, 'late');
    }
  }

  /** A payment that was refused, and whose money has gone back since: neither is of interest to the service. */
  async #isGivenBack(item: OutboxItem): Promise<boolean> {
    if (item.kind !== 'payment' || this.#journal.outboxItem(item.id)?.told !== 'refused') return false;
    const refund = this.#journal.outboxItem(`payment-refund:${subjectOf(item)}`);
    if (refund === undefined) return false;
    await this.#events.done(refund, { revoked: 0 }).catch(() => undefined);
    await Promise.all([this.#finish(item.id), this.#finish(refund.id)]);
    return true;
  }

  async #finish(id: string): Promise<void> {
    // First: its report by Telegram may come while this is being written.
    this.#finished.add(id);
    this.#why.delete(id);
    this.#since.delete(id);
    await this.#journal.paid(id);
    if (this.#finished.size > MOST_FINISHED)
      this.#finished.delete(this.#finished.values().next().value as string);
  }

  #send({ kind, user, body }: OutboxItem): Promise<unknown> {
    if (kind === 'payment') return payOnce(this.#billing, body as unknown as PaymentRequest);
    if (kind === 'channel') return this.#billing.setChannelSubscription(user, body.subscribed === true);
    return this.#billing.refundPayment(String(body.provider), String(body.paymentId));
  }

  async #wait(id: string, ms: number): Promise<void> {
    const wait = new AbortController();
    this.#pauses.set(id, wait);
    if (this.#stopped) wait.abort();
    await pause(ms, undefined, { signal: wait.signal, ref: false }).catch(() => undefined);
    this.#pauses.delete(id);
  }
}

/** What has an order: one payment, or one user's membership. */
function subjectOf({ kind, user, body }: OutboxItem): string {
  return kind === 'channel' ? `channel:${user}` : `${body.provider}:${body.paymentId}`;
}
