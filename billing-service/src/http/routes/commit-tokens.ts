import { commitTokens as decide } from '../../domain/tokens/commit-tokens.js';
import { defineRoute, NEXT, type RouteFactory } from '../define-route.js';
import { itemCall, ownerOf } from '../item-call.js';
import { metadataText } from '../read-input.js';
import { commitBody, committed } from '../schemas/tokens.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

export const commitCall = itemCall({
  url: '/tokens/commit',
  body: commitBody,
  status: 200,
  act: (services, { model = null, metadata, ...rest }, key) =>
    decide(services, { ...rest, model, metadata: metadataText(metadata) }, key),
  toBody: (value) => value,
  whose: (_services, { reservationId }) => ownerOf(reservationId),
});

/** POST /tokens/commit */
export const commitTokens: RouteFactory = (services) =>
  defineRoute({
    method: 'POST',
    url: commitCall.url,
    config: {
      links: {
        refundTokens: NEXT.refundTokens,
        readReservation: NEXT.readReservation,
        readBalance: NEXT.readBalance,
      },
      scopes: ['tokens'],
      idempotency: 'optional',
      refusals: ['unknown-reservation', 'reservation-settled', 'reservation-expired'],
    },
    schema: {
      operationId: 'commitTokens',
      tags: ['Tokens'],
      summary: 'Charge the actual cost of the work',
      description:
        'Charges `amount`, or `quantity` and `units` at the prices that the reservation keeps, or what is held, and frees the rest. The work is done, so a lack of tokens does not ' +
        'refuse it: what hold, balance and overdraft do not cover is `uncollected`. The same amount again gets the ' +
        'first answer, with or without a key. After the hold ended it charges what is available (`late`).',
      body: commitBody,
      response: { 200: committed },
    },
    handler: async (request, reply) => {
      const outcome = await commitCall.act(servicesFor(request, services), request.body, request.idempotency);
      return sendOutcome(request, reply, outcome, 200);
    },
  });
