import { Type } from 'typebox';
import { removeReference as takeName } from '../../domain/users/remove-reference.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed, userReference } from '../schemas/common.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** DELETE /users/{user}/references/{reference} */
export const removeReference: RouteFactory = (services) =>
  defineRoute({
    method: 'DELETE',
    url: '/users/:user/references/:reference',
    config: {
      audited: 'always',
      rehearsable: true,
      scopes: ['users'],
      refusals: ['unknown-user', 'unknown-reference', 'last-reference'],
    },
    schema: {
      operationId: 'removeReference',
      tags: ['Users'],
      summary: 'Take a name away from a user',
      description:
        'On every instance within 100 ms. What the user has stays; the name may then be given to another user, or names a new one.',
      params: closed({
        user: userReference,
        reference: { ...userReference, examples: ['demo:you-too'], description: 'The name that goes.' },
      }),
      response: { 204: Type.Null({ description: 'Removed.' }) },
    },
    handler: async (request, reply) => {
      const outcome = await takeName(servicesFor(request, services), request.params);
      return sendOutcome(request, reply, outcome, 204);
    },
  });
