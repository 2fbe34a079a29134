import { randomUUID } from 'node:crypto';
import { BillingHttp, type BillingHttpOptions } from './billing-http.js';
import { CatalogueCalls } from './calls/catalogue-calls.js';
import { EventCalls } from './calls/event-calls.js';
import { ExportCalls } from './calls/export-calls.js';
import { KeyCalls } from './calls/key-calls.js';
import { LimitCalls } from './calls/limit-calls.js';
import { ReportCalls } from './calls/report-calls.js';
import { UserCalls } from './calls/user-calls.js';
import { WebhookCalls } from './calls/webhook-calls.js';
import type * as api from './types.js';

const encoded = encodeURIComponent;

/**
 * The service, one method a call: what a frontend needs is here, the rest by subject (`limits`, `users`, …). Every call
 * that changes something takes its idempotency key, or gets one here, once, however often it is sent. All of them throw
 * `BillingError`.
 */
export class BillingClient {
  readonly #http: BillingHttp;
  readonly limits: LimitCalls;
  readonly catalogue: CatalogueCalls;
  readonly users: UserCalls;
  readonly keys: KeyCalls;
  readonly webhooks: WebhookCalls;
  readonly events: EventCalls;
  readonly reports: ReportCalls;
  readonly exports: ExportCalls;

  constructor(options: BillingHttpOptions) {
    const http = new BillingHttp(options);
    this.#http = http;
    this.limits = new LimitCalls(http);
    this.catalogue = new CatalogueCalls(http);
    this.users = new UserCalls(http);
    this.keys = new KeyCalls(http);
    this.webhooks = new WebhookCalls(http);
    this.events = new EventCalls(http);
    this.reports = new ReportCalls(http);
    this.exports = new ExportCalls(http);
  }

  reserve(request: api.ReserveRequest, key: string = randomUUID()): Promise<api.Reservation> {
    return this.#post('/tokens/reserve', request, key);
  }
  /** At an amount, at what `units` and `quantity` cost by the prices that were reserved, or at the whole hold. */
  commit(
    reservationId: string,
    amount?: number | Omit<api.Body<'commitTokens'>, 'reservationId'>,
  ): Promise<api.Committed> {
    // The same commit again is the first one's answer, whatever its key.
    if (typeof amount === 'object')
      return this.#post('/tokens/commit', { ...amount, reservationId }, randomUUID());
    const body = { reservationId, ...(amount === undefined ? {} : { amount }) };
    return this.#post('/tokens/commit', body, `commit:${reservationId}:${amount ?? ''}`);
  }
  /** All of an open reservation, or what is left of a committed one. Again: nothing more. */
  refund(reservationId: string, reason?: string): Promise<api.Refunded> {
    const body = { reservationId, ...(reason === undefined ? {} : { reason }) };
    return this.#post('/tokens/refund', body, `refund:${reservationId}`);
  }
  extend(reservationId: string, ttlSeconds: number): Promise<{ reservationId: string; expiresAt: string }> {
    return this.#post('/tokens/extend', { reservationId, ttlSeconds }, randomUUID());
  }
  quote(request: api.Body<'quoteTokens'>): Promise<api.Quote> {
    // It changes nothing, so it takes no key; sent once, as the answer may simply be asked for again.
    return this.#http.call('POST', '/tokens/quote', { body: request });
  }
  grant(request: api.GrantRequest, key: string = randomUUID()): Promise<api.Granted> {
    return this.#post('/tokens/grant', request, key);
  }
  reservation(id: string): Promise<api.ReservationState> {
    return this.#http.call('GET', `/tokens/reservations/${encoded(id)}`);
  }

  tiers(): Promise<api.List<api.Tier>> {
    return this.#http.call('GET', '/tiers?limit=100');
  }
  packs(): Promise<api.List<api.Pack>> {
    return this.#http.call('GET', '/packs?limit=100');
  }
  operations(): Promise<api.List<api.Operation>> {
    return this.#http.call('GET', '/operations?limit=100');
  }

  user(user: string): Promise<api.User> {
    return this.#http.call('GET', `/users/${encoded(user)}`);
  }
  putUser(user: string, body: { username?: string; firstName?: string; locale?: string }): Promise<api.User> {
    return this.#http.call('PUT', `/users/${encoded(user)}`, { body });
  }
  /** `from` becomes `user`: two who are one person. */
  mergeUsers(user: string, from: string, reason: string): Promise<api.User> {
    return this.#post(`/users/${encoded(user)}/merge`, { from, reason }, `merge:${user}:${from}`);
  }
  /** For good. `forfeit`: tokens that are left may be lost. */
  async eraseUser(user: string, forfeit = false): Promise<void> {
    await this.#http.call('DELETE', `/users/${encoded(user)}`, { query: { forfeit } });
  }
  balance(user: string): Promise<api.UserBalance> {
    return this.#http.call('GET', `/users/${encoded(user)}/balance`);
  }
  entries(user: string, limit = 20): Promise<api.List<api.Entry>> {
    return this.#http.call('GET', `/users/${encoded(user)}/entries?limit=${limit}`);
  }
  setChannelSubscription(user: string, subscribed: boolean): Promise<api.Subscription> {
    return this.#http.call('PUT', `/users/${encoded(user)}/channel-subscription`, { body: { subscribed } });
  }

  /** The same code again is the first answer; under a key of its own it asks for another use. */
  redeem(user: string, code: string, key?: string): Promise<api.Redeemed> {
    const request = { body: { user, code }, ...(key === undefined ? {} : { idempotencyKey: key }) };
    return this.#http.call('POST', '/promo-codes/redeem', request);
  }
  createPromoCodes(
    wish: api.PromoCodesWish,
    key: string = randomUUID(),
  ): Promise<api.List<{ code: string }>> {
    return this.#post('/promo-codes', wish, key);
  }
  promoCodes(cursor?: string): Promise<api.List<api.PromoCode>> {
    return this.#http.call('GET', '/promo-codes', { query: { limit: 100, cursor } });
  }
  deletePromoCode(code: string): Promise<void> {
    return this.#http.call('DELETE', `/promo-codes/${encoded(code)}`);
  }

  pay(payment: api.PaymentRequest): Promise<api.Payment> {
    return this.#post('/payments', payment, `payment:${payment.provider}:${payment.paymentId}`);
  }
  /** Newest first; of one way of paying, or all. */
  payments(user: string, provider?: string, cursor?: string): Promise<api.List<api.PaymentLine>> {
    return this.#http.call('GET', '/payments', { query: { user, provider, cursor, limit: 100 } });
  }
  /** Among all the user has paid, however much came after it; undefined: the service does not have it. */
  async payment(user: string, provider: string, paymentId: string): Promise<api.PaymentLine | undefined> {
    let cursor: string | undefined;
    do {
      const page = await this.payments(user, provider, cursor);
      const found = page.items.find((one) => one.paymentId === paymentId);
      if (found !== undefined) return found;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return undefined;
  }
  refundPayment(provider: string, paymentId: string): Promise<api.PaymentRefund> {
    const path = `/payments/${encoded(provider)}/${encoded(paymentId)}/refund`;
    return this.#http.call('POST', path, { idempotencyKey: `payment-refund:${provider}:${paymentId}` });
  }

  /** So many of what a pack or tokens gave. `part` names this part: with the same name it is the same one. */
  refundPart(provider: string, paymentId: string, tokens: number, part: string): Promise<api.PaymentRefund> {
    const path = `/payments/${encoded(provider)}/${encoded(paymentId)}/refund`;
    return this.#http.call('POST', path, { body: { tokens }, idempotencyKey: `payment-part:${part}` });
  }

  /** Up to 100 in one call; each item has its own status and body. Give them keys: then the batch may be sent again. */
  reserveBatch(items: api.Body<'reserveTokensBatch'>['items']): Promise<api.Answer<'reserveTokensBatch'>> {
    return this.#batch('/tokens/reserve/batch', items);
  }
  commitBatch(items: api.Body<'commitTokensBatch'>['items']): Promise<api.Answer<'commitTokensBatch'>> {
    return this.#batch('/tokens/commit/batch', items);
  }
  refundBatch(items: api.Body<'refundTokensBatch'>['items']): Promise<api.Answer<'refundTokensBatch'>> {
    return this.#batch('/tokens/refund/batch', items);
  }

  /** True when the service's process answers at all. */
  async live(): Promise<boolean> {
    await this.#http.call('GET', '/livez', { attempts: 1 });
    return true;
  }
  /** True when the service says it can work. */
  async ready(): Promise<boolean> {
    await this.#http.call('GET', '/readyz', { attempts: 1 });
    return true;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  /** Sent again only by the caller, who knows which items have keys. */
  #batch<T>(path: string, items: object): Promise<T> {
    return this.#http.call('POST', path, { body: { items } });
  }

  #post<T>(path: string, body: object, idempotencyKey: string): Promise<T> {
    return this.#http.call('POST', path, { body, idempotencyKey });
  }
}
