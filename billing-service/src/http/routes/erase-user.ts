import { Type } from 'typebox';
import { eraseUser as decide } from '../../domain/users/erase-user.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed, userReference } from '../schemas/common.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** DELETE /users/{user} */
export const eraseUser: RouteFactory = (services) =>
  defineRoute({
    method: 'DELETE',
    url: '/users/:user',
    config: {
      audited: 'always',
      rehearsable: true,
      scopes: ['admin'],
      refusals: ['unknown-user', 'balance-left', 'open-reservations'],
    },
    schema: {
      operationId: 'eraseUser',
      tags: ['Users'],
      summary: 'Erase a user',
      description:
        'References, names, locale, metadata, reasons, stored answers and events go; the ledger keeps its figures under a ' +
        'number that names nobody. Each reference then names a new user. It cannot be undone. Tokens that are left are ' +
        'lost, and only with `forfeit=true`.',
      // Not the user of all other examples, who would be gone for them.
      params: closed({ user: { ...userReference, examples: ['web:leaving'] } }),
      querystring: closed({
        forfeit: Type.Optional(
          Type.Unsafe<'true' | 'false'>({
            type: 'string',
            enum: ['true', 'false'],
            description: 'Whether tokens that are left are to be lost; false where it is left out.',
          }),
        ),
      }),
      response: { 204: Type.Null({ description: 'Erased.' }) },
    },
    handler: async (request, reply) => {
      const { user } = request.params;
      const forfeit = request.query.forfeit === 'true';
      const outcome = await decide(servicesFor(request, services), { user, forfeit });
      return sendOutcome(request, reply, outcome, 204);
    },
  });
