import { setTimeout as pause } from 'node:timers/promises';
import { type BillingClient, BillingError, type PaymentRequest } from '../billing/index.js';
import type { Journal } from '../journal/journal.js';
import type { Errand } from '../journal/journal-state.js';
import { errorFields, type Log } from '../log.js';

/** What became of an errand; `late`: the service was away and the user should know that nothing is lost. */
export interface OutboxEvents {
  done(errand: Errand, answer: unknown): Promise<void>;
  late(errand: Errand): Promise<void>;
  stuck(errand: Errand, error: BillingError): Promise<void>;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const MOST_FINISHED = 1_000;
/** A refusal for good: a person has to look; it is still tried, in case they mended the service. */
const STUCK_WAIT_MS = 600_000;

/**
 * Calls the service must get: payments, their refunds, channel membership. Each is on disk before it is begun and until
 * it is acknowledged, and is sent again for as long as that takes. One user's go in order.
 */
export class Outbox {
  private readonly chains = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  /** Telegram reports our own refunds back to us; they need not be carried out and told twice. */
  private readonly finished = new Set<string>();

  constructor(
    private readonly billing: BillingClient,
    private readonly journal: Journal,
    private readonly events: OutboxEvents,
    private readonly log: Log,
    private readonly firstWaitMs = FIRST_WAIT_MS,
  ) {}

  /** Takes up what was owed at the last stop. */
  start(): void {
    for (const errand of this.journal.errands()) this.enqueue(errand);
  }

  /** Resolves when the errand can no longer be lost; it is done later. */
  async add(errand: Errand, updateId?: number): Promise<void> {
    if (this.finished.has(errand.id)) return;
    const known = this.journal.errands().some((one) => one.id === errand.id);
    await this.journal.owe(errand, updateId);
    if (!known) this.enqueue(errand);
  }

  stop(): void {
    this.stopping.abort();
  }

  private enqueue(errand: Errand): void {
    const before = this.chains.get(errand.user) ?? Promise.resolve();
    const chain = before.then(() => this.carry(errand));
    this.chains.set(errand.user, chain);
    void chain.finally(() => {
      if (this.chains.get(errand.user) === chain) this.chains.delete(errand.user);
    });
  }

  private async carry(errand: Errand): Promise<void> {
    let waitMs = this.firstWaitMs;
    for (let attempt = 1; !this.stopping.signal.aborted; attempt++) {
      try {
        const answer = await this.send(errand);
        // Told before it is struck off: better to say thank you twice after a crash than never.
        await this.events.done(errand, answer);
        await this.journal.paid(errand.id);
        this.finish(errand.id);
        return;
      } catch (error) {
        this.log.warn('an errand is not done yet', { errand: errand.id, attempt, ...errorFields(error) });
        const final = error instanceof BillingError && error.status >= 400 && error.status < 500;
        if (final && attempt === 1) await this.events.stuck(errand, error).catch(() => undefined);
        else if (attempt === 1) await this.events.late(errand).catch(() => undefined);
        await this.wait(final ? STUCK_WAIT_MS : waitMs);
        waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
      }
    }
  }

  private finish(id: string): void {
    this.finished.add(id);
    if (this.finished.size > MOST_FINISHED)
      this.finished.delete(this.finished.values().next().value as string);
  }

  private send({ kind, user, body }: Errand): Promise<unknown> {
    if (kind === 'payment') return this.billing.pay(body as unknown as PaymentRequest);
    if (kind === 'channel') return this.billing.setChannelSubscription(user, body.subscribed === true);
    return this.billing.refundPayment(String(body.provider), String(body.paymentId));
  }

  private async wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stopping.signal, ref: false }).catch(() => undefined);
  }
}
