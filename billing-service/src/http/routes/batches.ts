/** The four calls that may also be asked a hundred at a time. */
import { batchOf } from '../batches/batch-of.js';
import type { RouteFactory } from '../define-route.js';
import { limitDecision } from '../schemas/limits.js';
import { committed, refunded, reserved } from '../schemas/tokens.js';
import { checkCall } from './check-limits.js';
import { commitCall } from './commit-tokens.js';
import { refundCall } from './refund-tokens.js';
import { reserveCall } from './reserve-tokens.js';

/** POST /limits/check/batch */
export const checkLimitsBatch: RouteFactory = (services) =>
  batchOf(services, checkCall, {
    operationId: 'checkLimitsBatch',
    tag: 'Limits',
    summary: 'Many checks at once',
    description: 'For each item what limits/check does. An `idempotencyKey` stands for the item’s `checkId`.',
    answer: limitDecision,
    title: 'LimitDecisions',
    config: { scopes: ['limits'] },
  });

/** POST /tokens/reserve/batch */
export const reserveTokensBatch: RouteFactory = (services) =>
  batchOf(services, reserveCall, {
    operationId: 'reserveTokensBatch',
    tag: 'Tokens',
    summary: 'Many holds at once',
    description: 'For each item what tokens/reserve does.',
    answer: reserved,
    title: 'ReservedItems',
    config: { scopes: ['tokens'] },
  });

/** POST /tokens/commit/batch */
export const commitTokensBatch: RouteFactory = (services) =>
  batchOf(services, commitCall, {
    operationId: 'commitTokensBatch',
    tag: 'Tokens',
    summary: 'Many charges at once',
    description: 'For each item what tokens/commit does.',
    answer: committed,
    title: 'CommittedItems',
    config: { scopes: ['tokens'] },
  });

/** POST /tokens/refund/batch */
export const refundTokensBatch: RouteFactory = (services) =>
  batchOf(services, refundCall, {
    operationId: 'refundTokensBatch',
    tag: 'Tokens',
    summary: 'Give back for many at once',
    description: 'For each item what tokens/refund does.',
    answer: refunded,
    title: 'RefundedItems',
    config: { scopes: ['tokens'], audited: 'by-hand' },
  });
