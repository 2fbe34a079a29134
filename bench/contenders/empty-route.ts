import { nextReservationUuid } from '../../billing-service/src/domain/account/reservation-id.js';
import type { Contender } from './contender.js';
import { heldAnswer, reserveRoute } from './reserve-answer.js';

/** The ceiling: everything that HTTP costs (key, body, schemas, the answer as JSON), and a constant instead of the work. */
export const emptyRoute: Contender = (services) => {
  const answer = heldAnswer(services, {
    userId: 1,
    id: nextReservationUuid(services.clock.now()),
    user: 'bench:1',
    operation: 'chatgpt_message',
    amount: 5,
    expiresAt: services.clock.now(),
    available: 1_000_000_000,
    reserved: 5,
  });
  return reserveRoute(services, (_body, _request, reply) => reply.code(201).send(answer));
};
