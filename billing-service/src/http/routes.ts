/**
 * The table of contents: every call of the service.
 *
 * How to write a route
 *  1. One file in routes/, named after the operation (`reserve-tokens.ts`), exporting a RouteFactory:
 *     `export const reserveTokens: RouteFactory = (services) => defineRoute({ method, url, config, schema, handler })`.
 *  2. `config.scopes`: which keys may call it (`['tokens']`, or `'any'` for every key). Without it nobody gets in.
 *     `config.idempotency`: 'optional' or 'required'; then `request.idempotency` is what the domain takes as `key`.
 *     `config.refusals`: the codes of errors.ts that this route may answer besides the usual ones (401, 400, …): they
 *     go to openapi.yaml. `config.statuses`: `{'insufficient-tokens': 409}` where a status differs from the table.
 *     `config.audited`: what it writes leaves a line in the audit log, by `authorOf(request)` or `servicesFor`.
 *  3. `schema`: operationId, tags, summary, description, then params, querystring, body, and response by status (2xx
 *     only: problems are the shell's). Build objects with `closed({...})` from schemas/common.ts; give members
 *     `examples`, so that "Try it out" sends a request that works for `demo:you`; give the object a `title` and it
 *     becomes a component. No unions in replies: `nullable(...)`. Integers in the query: `queryInteger(...)`.
 *  4. `handler`: calls one function of the domain and answers
 *     `return sendOutcome(request, reply, outcome, 201, toBody)`; it makes refusals problems and marks replays.
 *     Times become ISO strings here (`toIso`, `toIsoOrNull`). For a plain value: `reply.send(value)`.
 *     A request that is wrong beyond what a schema can say: `throw Problem.invalid({ field, message })`.
 *  5. Add it below. The shell does the rest: request ids, keys and scopes, 415, 413, 400, 500, 503, metrics.
 *  Worked example: routes/create-api-key.ts (POST), routes/list-api-keys.ts (a page), routes/revoke-api-key.ts.
 */
import type { Route, RouteFactory } from './define-route.js';
import { addReference } from './routes/add-reference.js';
import { advanceTestClock } from './routes/advance-test-clock.js';
import { applyPayment } from './routes/apply-payment.js';
import { audit } from './routes/audit.js';
import {
  checkLimitsBatch,
  commitTokensBatch,
  refundTokensBatch,
  reserveTokensBatch,
} from './routes/batches.js';
import { blockUser } from './routes/block-user.js';
import { changeTier } from './routes/change-tier.js';
import { checkLimits } from './routes/check-limits.js';
import { commitTokens } from './routes/commit-tokens.js';
import { createApiKey } from './routes/create-api-key.js';
import { createPromoCodes } from './routes/create-promo-codes.js';
import { createWebhook } from './routes/create-webhook.js';
import { deletePromoCode } from './routes/delete-promo-code.js';
import { deleteWebhook } from './routes/delete-webhook.js';
import { eraseUser } from './routes/erase-user.js';
import {
  exportAuditLog,
  exportEntries,
  exportPayments,
  exportReservations,
  exportUsers,
} from './routes/export-tables.js';
import { extendReservation } from './routes/extend-reservation.js';
import { grantTokens } from './routes/grant-tokens.js';
import { importUsers } from './routes/import-users.js';
import { listApiKeys } from './routes/list-api-keys.js';
import { listAuditLog } from './routes/list-audit-log.js';
import { listDeliveries } from './routes/list-deliveries.js';
import { listEntries } from './routes/list-entries.js';
import { listOperations } from './routes/list-operations.js';
import { listPacks } from './routes/list-packs.js';
import { listPayments } from './routes/list-payments.js';
import { listPromoCodes } from './routes/list-promo-codes.js';
import { listRefusals } from './routes/list-refusals.js';
import { listReservations } from './routes/list-reservations.js';
import { listTiers } from './routes/list-tiers.js';
import { listUsers } from './routes/list-users.js';
import { listWebhooks } from './routes/list-webhooks.js';
import { livez } from './routes/livez.js';
import { mergeUsers } from './routes/merge-users.js';
import { overrideLimits } from './routes/override-limits.js';
import { putOperation } from './routes/put-operation.js';
import { putPack } from './routes/put-pack.js';
import { putTier } from './routes/put-tier.js';
import { putUser } from './routes/put-user.js';
import { putWebhook } from './routes/put-webhook.js';
import { quoteTokens } from './routes/quote-tokens.js';
import { readBalance } from './routes/read-balance.js';
import { readEvents } from './routes/read-events.js';
import { readOperation } from './routes/read-operation.js';
import { readOwnApiKey } from './routes/read-own-api-key.js';
import { readPack } from './routes/read-pack.js';
import { readReservation } from './routes/read-reservation.js';
import { readService } from './routes/read-service.js';
import { readTier } from './routes/read-tier.js';
import { readUsage } from './routes/read-usage.js';
import { readUser } from './routes/read-user.js';
import { readWebhook } from './routes/read-webhook.js';
import { readyz } from './routes/readyz.js';
import { redeemPromoCode } from './routes/redeem-promo-code.js';
import { refundPayment } from './routes/refund-payment.js';
import { refundTokens } from './routes/refund-tokens.js';
import { removeReference } from './routes/remove-reference.js';
import { resendDelivery } from './routes/resend-delivery.js';
import { resendWebhook } from './routes/resend-webhook.js';
import { reserveTokens } from './routes/reserve-tokens.js';
import { revokeApiKey } from './routes/revoke-api-key.js';
import { rotateApiKey } from './routes/rotate-api-key.js';
import { rotateWebhookSecret } from './routes/rotate-webhook-secret.js';
import { subscribeChannel } from './routes/subscribe-channel.js';
import { sumPayments } from './routes/sum-payments.js';
import { sumRefusals } from './routes/sum-refusals.js';
import { testWebhook } from './routes/test-webhook.js';
import { undoCheck } from './routes/undo-check.js';
import type { Services } from './services.js';

const table: RouteFactory[] = [
  checkLimits,
  undoCheck,
  reserveTokens,
  commitTokens,
  refundTokens,
  checkLimitsBatch,
  reserveTokensBatch,
  commitTokensBatch,
  refundTokensBatch,
  extendReservation,
  quoteTokens,
  grantTokens,
  readReservation,
  listTiers,
  readTier,
  putTier,
  listOperations,
  readOperation,
  putOperation,
  listPacks,
  readPack,
  putPack,
  listUsers,
  putUser,
  eraseUser,
  mergeUsers,
  readUser,
  addReference,
  removeReference,
  readBalance,
  listEntries,
  listReservations,
  changeTier,
  blockUser,
  overrideLimits,
  subscribeChannel,
  applyPayment,
  refundPayment,
  listPayments,
  sumPayments,
  createPromoCodes,
  listPromoCodes,
  deletePromoCode,
  redeemPromoCode,
  createApiKey,
  listApiKeys,
  readOwnApiKey,
  rotateApiKey,
  revokeApiKey,
  audit,
  readUsage,
  readEvents,
  createWebhook,
  listWebhooks,
  readWebhook,
  putWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  testWebhook,
  resendWebhook,
  listDeliveries,
  resendDelivery,
  listAuditLog,
  listRefusals,
  sumRefusals,
  readService,
  exportUsers,
  exportEntries,
  exportReservations,
  exportPayments,
  exportAuditLog,
  importUsers,
  livez,
  readyz,
];

export function routes(services: Services): Route[] {
  const always = table.map((factory) => factory(services));
  return services.testClock ? [...always, advanceTestClock(services.testClock)] : always;
}
