import type { BillingHttp } from '../billing-http.js';
import type { Answer, Body } from '../types.js';
import { saying, type WriteOptions } from './write-options.js';

/** With `ifMatch`, the ETag of what was read, a write that somebody else came before is refused (412). */
export interface PutOptions extends WriteOptions {
  ifMatch?: string;
}

const encoded = encodeURIComponent;

/** What is sold and what it costs: scope `admin` to write. */
export class CatalogueCalls {
  constructor(readonly http: BillingHttp) {}

  tier(tier: string): Promise<Answer<'readTier'>> {
    return this.http.call('GET', `/tiers/${encoded(tier)}`);
  }
  putTier(tier: string, body: Body<'putTier'>, options?: PutOptions): Promise<Answer<'putTier'>> {
    return this.#put(`/tiers/${encoded(tier)}`, body, options);
  }
  operation(operation: string): Promise<Answer<'readOperation'>> {
    return this.http.call('GET', `/operations/${encoded(operation)}`);
  }
  putOperation(
    operation: string,
    body: Body<'putOperation'>,
    options?: PutOptions,
  ): Promise<Answer<'putOperation'>> {
    return this.#put(`/operations/${encoded(operation)}`, body, options);
  }
  pack(pack: string): Promise<Answer<'readPack'>> {
    return this.http.call('GET', `/packs/${encoded(pack)}`);
  }
  putPack(pack: string, body: Body<'putPack'>, options?: PutOptions): Promise<Answer<'putPack'>> {
    return this.#put(`/packs/${encoded(pack)}`, body, options);
  }

  #put<T>(path: string, body: object, { ifMatch, ...options }: PutOptions = {}): Promise<T> {
    const headers = { ...saying(options), ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) };
    return this.http.call('PUT', path, { body, headers });
  }
}
