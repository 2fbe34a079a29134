/** For other frontends: the client, and `Till.withTokens`, which is all a paid action needs. */
export { BillingClient } from './billing-client.js';
export { BillingError } from './billing-error.js';
export type { BillingHttpOptions } from './billing-http.js';
export type { Settled } from './settle-work.js';
export { type Done, type Job, Till, type WithTokensOptions, WorkFailed } from './till.js';
export type * from './types.js';
export { MemoryWorkLog, type WorkLog, type WorkRecord } from './work-log.js';
