import type { BillingHttp } from '../billing-http.js';
import type { Answer, Body, Query } from '../types.js';
import { saying, type WriteOptions } from './write-options.js';

const at = (id: string, rest = '') => `/webhooks/${encodeURIComponent(id)}${rest}`;

/** Where events are pushed to: scope `webhooks`. */
export class WebhookCalls {
  constructor(readonly http: BillingHttp) {}

  list(): Promise<Answer<'listWebhooks'>> {
    return this.http.call('GET', '/webhooks');
  }
  /** The answer has the secret, which is never shown again. */
  create(body: Body<'createWebhook'>, options?: WriteOptions): Promise<Answer<'createWebhook'>> {
    return this.http.call('POST', '/webhooks', { body, headers: saying(options) });
  }
  read(id: string): Promise<Answer<'readWebhook'>> {
    return this.http.call('GET', at(id));
  }
  put(id: string, body: Body<'putWebhook'>, options?: WriteOptions): Promise<Answer<'putWebhook'>> {
    return this.http.call('PUT', at(id), { body, headers: saying(options) });
  }
  delete(id: string, options?: WriteOptions): Promise<void> {
    return this.http.call('DELETE', at(id), { headers: saying(options) });
  }
  /** Both secrets sign for a day. */
  rotateSecret(id: string, options?: WriteOptions): Promise<Answer<'rotateWebhookSecret'>> {
    return this.http.call('POST', at(id, '/rotate-secret'), { headers: saying(options) });
  }
  /** Sends an event of type `webhook.test`. */
  test(id: string, options?: WriteOptions): Promise<Answer<'testWebhook'>> {
    return this.http.call('POST', at(id, '/test'), { headers: saying(options) });
  }
  /** Everything once more since a time in ISO 8601. */
  resend(id: string, since: string, options?: WriteOptions): Promise<Answer<'resendWebhook'>> {
    return this.http.call('POST', at(id, '/resend'), { body: { since }, headers: saying(options) });
  }
  deliveries(id: string, query: Query<'listDeliveries'> = {}): Promise<Answer<'listDeliveries'>> {
    return this.http.call('GET', at(id, '/deliveries'), { query });
  }
  resendDelivery(id: string, options?: WriteOptions): Promise<Answer<'resendDelivery'>> {
    return this.http.call('POST', `/deliveries/${encodeURIComponent(id)}/resend`, {
      headers: saying(options),
    });
  }
}
