import { readReservation as findReservation } from '../../domain/tokens/read-reservation.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed, reservationId } from '../schemas/common.js';
import { reservation, reservationBody } from '../schemas/reservation.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** GET /tokens/reservations/{id} */
export const readReservation: RouteFactory = (services) =>
  defineRoute({
    method: 'GET',
    url: '/tokens/reservations/:id',
    config: { scopes: ['tokens', 'support'], refusals: ['unknown-reservation'] },
    schema: {
      operationId: 'readReservation',
      tags: ['Tokens'],
      summary: 'Read a reservation',
      description: 'As it is now, whether or not anything came by since its end.',
      params: closed({ id: reservationId }),
      response: { 200: reservation },
    },
    handler: async (request, reply) =>
      sendOutcome(
        request,
        reply,
        await findReservation(servicesFor(request, services), request.params.id),
        200,
        reservationBody,
      ),
  });
