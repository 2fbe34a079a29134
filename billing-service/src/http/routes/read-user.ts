import { readUser as findUser } from '../../domain/users/read-user.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed, userReference } from '../schemas/common.js';
import { user, userBody } from '../schemas/user.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** GET /users/{user} */
export const readUser: RouteFactory = (services) =>
  defineRoute({
    method: 'GET',
    url: '/users/:user',
    config: { scopes: ['users', 'tokens', 'support'], refusals: ['unknown-user'] },
    schema: {
      operationId: 'readUser',
      tags: ['Users'],
      summary: 'Read a user',
      description: 'By any of the user’s references.',
      params: closed({ user: userReference }),
      response: { 200: user },
    },
    handler: async (request, reply) =>
      sendOutcome(
        request,
        reply,
        await findUser(servicesFor(request, services), request.params.user),
        200,
        userBody,
      ),
  });
