import { addReference as nameUser } from '../../domain/users/add-reference.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed, userReference } from '../schemas/common.js';
import { user, userBody } from '../schemas/user.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** POST /users/{user}/references */
export const addReference: RouteFactory = (services) =>
  defineRoute({
    method: 'POST',
    url: '/users/:user/references',
    config: {
      audited: 'by-hand',
      scopes: ['users'],
      idempotency: 'optional',
      refusals: ['reference-taken', 'too-many-references', 'idempotency-key-reused'],
    },
    schema: {
      operationId: 'addReference',
      tags: ['Users'],
      summary: 'Give a user a second name',
      description: 'A second frontend then shares the balance. A name that the user has already is accepted.',
      params: closed({ user: userReference }),
      body: closed({ reference: { ...userReference, examples: ['demo:you-too'] } }),
      response: { 201: user },
    },
    handler: async (request, reply) => {
      const { params, body, idempotency } = request;
      const outcome = await nameUser(servicesFor(request, services), { ...params, ...body }, idempotency);
      return sendOutcome(request, reply, outcome, 201, userBody);
    },
  });
