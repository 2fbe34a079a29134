import { refundTokens as decide } from '../../domain/tokens/refund-tokens.js';
import { defineRoute, NEXT, type RouteFactory } from '../define-route.js';
import { itemCall, ownerOf } from '../item-call.js';
import { refundBody, refunded } from '../schemas/tokens.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

export const refundCall = itemCall({
  url: '/tokens/refund',
  body: refundBody,
  status: 200,
  act: (services, { reservationId, amount, reason }, key) =>
    decide(services, { reservationId, amount, reason }, key),
  toBody: (value) => value,
  whose: (_services, { reservationId }) => ownerOf(reservationId),
});

/** POST /tokens/refund */
export const refundTokens: RouteFactory = (services) =>
  defineRoute({
    method: 'POST',
    url: refundCall.url,
    config: {
      links: { readReservation: NEXT.readReservation },
      audited: 'by-hand',
      rehearsable: true,
      scopes: ['tokens'],
      idempotency: 'optional',
      refusals: ['unknown-reservation', 'refund-exceeds-commit', 'reservation-expired'],
    },
    schema: {
      operationId: 'refundTokens',
      tags: ['Tokens'],
      summary: 'Give tokens back when the work failed',
      description:
        'Frees an open reservation whole, or returns all or part of a committed one into the grants it came from. ' +
        'Where everything was given back already the answer is 200 with `refunded: 0`.',
      body: refundBody,
      response: { 200: refunded },
    },
    handler: async (request, reply) => {
      const outcome = await refundCall.act(servicesFor(request, services), request.body, request.idempotency);
      return sendOutcome(request, reply, outcome, 200);
    },
  });
