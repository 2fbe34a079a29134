import { Type } from 'typebox';
import { listReservations as readReservations } from '../../domain/tokens/read-reservation.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed, pageOf, pagination, userReference } from '../schemas/common.js';
import { reservation, reservationBody, reservationStatus } from '../schemas/reservation.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** GET /users/{user}/reservations */
export const listReservations: RouteFactory = (services) =>
  defineRoute({
    method: 'GET',
    url: '/users/:user/reservations',
    config: { scopes: ['users', 'tokens', 'support'], refusals: ['unknown-user'] },
    schema: {
      operationId: 'listReservations',
      tags: ['Users'],
      summary: 'List a user’s reservations',
      description: 'Newest first, each as it is now.',
      params: closed({ user: userReference }),
      querystring: closed({ ...pagination, status: Type.Optional(reservationStatus) }),
      response: { 200: pageOf(reservation) },
    },
    handler: async (request, reply) => {
      const { limit, ...query } = request.query;
      const page = await readReservations(servicesFor(request, services), request.params.user, {
        ...query,
        limit: Number(limit),
      });
      return sendOutcome(request, reply, page, 200, ({ items, ...rest }) => ({
        items: items.map(reservationBody),
        ...rest,
      }));
    },
  });
