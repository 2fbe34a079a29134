import type { BillingHttp } from '../billing-http.js';
import type { Answer, Body } from '../types.js';

/** Rate limits by themselves. `reserve` with `checkLimits` asks and holds in one call. */
export class LimitCalls {
  constructor(readonly http: BillingHttp) {}

  /** Counts a try. Sent once: a lost answer may have counted. */
  check(body: Body<'checkLimits'>): Promise<Answer<'checkLimits'>> {
    return this.http.call('POST', '/limits/check', { body });
  }
  /** Takes back a try that came to nothing, by the `checkId` of its answer. */
  undo(body: Body<'undoCheck'>): Promise<Answer<'undoCheck'>> {
    return this.http.call('POST', '/limits/undo', { body });
  }
  checkBatch(items: Body<'checkLimitsBatch'>['items']): Promise<Answer<'checkLimitsBatch'>> {
    return this.http.call('POST', '/limits/check/batch', { body: { items } });
  }
}
