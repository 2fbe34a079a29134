/** For other frontends: the client, and `MeteringClient.withTokens`, which is all a paid action needs. */
export { BillingClient } from './billing-client.js';
export { BillingError } from './billing-error.js';
export { BillingHttp, type BillingHttpOptions, type CallOptions, type HttpAnswer } from './billing-http.js';
export type { PutOptions } from './calls/catalogue-calls.js';
export type { Event, FollowOptions } from './calls/event-calls.js';
export { saying, type WriteOptions } from './calls/write-options.js';
export type { Settlement } from './commit-or-refund.js';
export { type Done, type Job, MeteringClient } from './metering-client.js';
export type { WithTokensOptions } from './plan-work.js';
export type { paths } from './schema.js';
export type * from './types.js';
export {
  type AnthropicUsage,
  type LanguageUnits,
  type OpenAiChatUsage,
  type OpenAiResponsesUsage,
  unitsOfAnthropic,
  unitsOfOpenAi,
} from './usage-units.js';
export { type VerifyOptions, verifyWebhook, WebhookRefused } from './verify-webhook.js';
export { WorkFailed } from './work-failed.js';
export { MemoryWorkLog, type WorkLog, type WorkRecord } from './work-log.js';
