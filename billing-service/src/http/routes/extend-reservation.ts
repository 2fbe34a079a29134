import { extendReservation as decide } from '../../domain/tokens/extend-reservation.js';
import { defineRoute, NEXT, type RouteFactory } from '../define-route.js';
import { extendBody, extended } from '../schemas/tokens.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';
import { toIso } from '../to-iso.js';

/** POST /tokens/extend */
export const extendReservation: RouteFactory = (services) =>
  defineRoute({
    method: 'POST',
    url: '/tokens/extend',
    config: {
      links: {
        commitTokens: NEXT.commitTokens,
        refundTokens: NEXT.refundTokens,
        readReservation: NEXT.readReservation,
      },
      scopes: ['tokens'],
      idempotency: 'optional',
      refusals: ['unknown-reservation', 'reservation-settled', 'reservation-expired'],
    },
    schema: {
      operationId: 'extendReservation',
      tags: ['Tokens'],
      summary: 'Keep a hold for longer work',
      description:
        'The hold ends no sooner than `ttlSeconds` from now, and no later than 24 h after its creation. It is never ' +
        'shortened.',
      body: extendBody,
      response: { 200: extended },
    },
    handler: async (request, reply) => {
      const { reservationId, ttlSeconds } = request.body;
      const outcome = await decide(
        servicesFor(request, services),
        { reservationId, ttlSeconds },
        request.idempotency,
      );
      return sendOutcome(request, reply, outcome, 200, (value) => ({
        ...value,
        expiresAt: toIso(value.expiresAt),
      }));
    },
  });
