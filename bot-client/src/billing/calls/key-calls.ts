import type { BillingHttp } from '../billing-http.js';
import type { Answer, Body, Query } from '../types.js';
import { saying, type WriteOptions } from './write-options.js';

const at = (id: string) => `/api-keys/${encodeURIComponent(id)}`;

/** API keys: scope `admin`, but for `own`. Making one is sent once: a key whose answer is lost is seen in the list. */
export class KeyCalls {
  constructor(readonly http: BillingHttp) {}

  /** What the key of this client is and may do. */
  own(): Promise<Answer<'readOwnApiKey'>> {
    return this.http.call('GET', '/api-keys/me');
  }
  list(query: Query<'listApiKeys'> = {}): Promise<Answer<'listApiKeys'>> {
    return this.http.call('GET', '/api-keys', { query });
  }
  /** The answer has the key itself, which is never shown again. */
  create(body: Body<'createApiKey'>, options?: WriteOptions): Promise<Answer<'createApiKey'>> {
    return this.http.call('POST', '/api-keys', { body, headers: saying(options) });
  }
  /** A new key of the same name and scopes; the old one works on for `graceSeconds`, a day where it is left out. */
  rotate(
    id: string,
    body: Body<'rotateApiKey'> = {},
    options?: WriteOptions,
  ): Promise<Answer<'rotateApiKey'>> {
    return this.http.call('POST', `${at(id)}/rotate`, { body, headers: saying(options) });
  }
  revoke(id: string, options?: WriteOptions): Promise<void> {
    return this.http.call('DELETE', at(id), { headers: saying(options) });
  }
}
