/** What every contender shares: the product's own route with another handler, and an answer of the product's shape. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { affordable } from '../../billing-service/src/domain/account/balance.js';
import { encodeReservationId } from '../../billing-service/src/domain/account/reservation-id.js';
import type { Route } from '../../billing-service/src/http/define-route.js';
import { reserveTokens } from '../../billing-service/src/http/routes/reserve-tokens.js';
import type { reserveBody } from '../../billing-service/src/http/schemas/tokens.js';
import type { Services } from '../../billing-service/src/http/services.js';

export type ReserveBody = Static<typeof reserveBody>;
type Handler = (body: ReserveBody, request: FastifyRequest, reply: FastifyReply) => unknown;

/** The product's route (path, scopes, schemas and so the serialisation) with this handler. */
export function reserveRoute(services: Services, handle: Handler): Route {
  const route = reserveTokens(services);
  return { ...route, handler: (request, reply) => handle(request.body as ReserveBody, request, reply) };
}

export interface Held {
  userId: number;
  id: string;
  user: string;
  operation: string;
  amount: number;
  expiresAt: number;
  available: number;
  reserved: number;
}

/** The body of a 201, as the product's. */
export function heldAnswer(services: Services, held: Held) {
  const { available, reserved } = held;
  return {
    reservationId: encodeReservationId(held.userId, held.id),
    user: held.user,
    operation: held.operation,
    amount: held.amount,
    status: 'open',
    expiresAt: new Date(held.expiresAt).toISOString(),
    balance: { available, reserved, total: available + reserved },
    affordable: affordable(available, services.catalogue.current().priceList.prices),
  };
}
