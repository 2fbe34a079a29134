import type { Static } from 'typebox';
import { reserveTokens as decide, type Reserved } from '../../domain/tokens/reserve-tokens.js';
import { defineRoute, NEXT, type RouteFactory } from '../define-route.js';
import { itemCall, numberOf } from '../item-call.js';
import { limitBody } from '../limit-body.js';
import { rateLimitHeaders } from '../rate-limit-headers.js';
import { metadataText } from '../read-input.js';
import { reserveBody, reserved } from '../schemas/tokens.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';
import { toIso } from '../to-iso.js';

const reservedBody = (value: Reserved) => ({
  reservationId: value.reservationId,
  user: value.user,
  operation: value.operation,
  amount: value.amount,
  status: value.status,
  expiresAt: toIso(value.expiresAt),
  receipt: value.receipt,
  balance: value.balance,
  affordable: value.affordable,
  // Left out of the answer where it is undefined.
  limit: value.limit && limitBody(value.limit),
});

const withoutImplied = ({ limitCost, ...body }: Static<typeof reserveBody>) =>
  limitCost === undefined || limitCost === body.quantity ? body : { ...body, limitCost };

export const reserveCall = itemCall({
  url: '/tokens/reserve',
  body: reserveBody,
  status: 201,
  act: (services, body, key) => {
    const {
      user,
      operation,
      quantity,
      amount,
      units,
      ttlSeconds,
      checkLimits,
      limitCost,
      model = null,
    } = body;
    const metadata = metadataText(body.metadata);
    const what = { user, operation, quantity, amount, units, model };
    const input = { ...what, ttlSeconds, checkLimits, limitCost, metadata };
    return decide(services, input, key);
  },
  toBody: reservedBody,
  withoutImplied,
  whose: (services, { user }) => numberOf(services, user),
});

/** POST /tokens/reserve */
export const reserveTokens: RouteFactory = (services) =>
  defineRoute({
    method: 'POST',
    url: reserveCall.url,
    config: {
      links: {
        commitTokens: NEXT.commitTokens,
        refundTokens: NEXT.refundTokens,
        extendReservation: NEXT.extendReservation,
        readReservation: NEXT.readReservation,
        readBalance: NEXT.readBalance,
      },
      scopes: ['tokens'],
      idempotency: 'optional',
      withoutImplied,
      refusals: [
        'unknown-operation',
        'user-blocked',
        'rate-limited',
        'too-many-open-reservations',
        'insufficient-tokens',
      ],
    },
    schema: {
      operationId: 'reserveTokens',
      tags: ['Tokens'],
      summary: 'Hold tokens before the work',
      description:
        'Holds price × quantity and what `units` cost (or `amount`) until commit, refund or expiry; never below zero available. With ' +
        '`checkLimits` one call also counts `limitCost` against the rate limits: a denied limit holds nothing, a refused hold ' +
        'counts nothing. An unknown user is created on the gift tier.',
      body: reserveBody,
      response: { 201: reserved },
    },
    handler: async (request, reply) => {
      const outcome = await reserveCall.act(
        servicesFor(request, services),
        request.body,
        request.idempotency,
      );
      const limit = outcome.ok
        ? outcome.value.limit
        : outcome.refusal.kind === 'rate_limited'
          ? outcome.refusal.limit
          : undefined;
      if (limit) reply.headers(rateLimitHeaders(limit, services.clock.now()));
      return sendOutcome(request, reply, outcome, 201, reserveCall.toBody);
    },
  });
