import { mergeUsers as decide } from '../../domain/users/merge-users.js';
import { defineRoute, NEXT, type RouteFactory } from '../define-route.js';
import { closed, userReference } from '../schemas/common.js';
import { blockReason, user, userBody } from '../schemas/user.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** POST /users/{user}/merge */
export const mergeUsers: RouteFactory = (services) =>
  defineRoute({
    method: 'POST',
    url: '/users/:user/merge',
    config: {
      links: { readUser: NEXT.readUser },
      audited: 'always',
      rehearsable: true,
      scopes: ['admin'],
      idempotency: 'optional',
      refusals: ['unknown-user', 'open-reservations', 'too-many-references'],
    },
    schema: {
      operationId: 'mergeUsers',
      tags: ['Users'],
      summary: 'Make two users one',
      description:
        '`from` becomes this user, for two that are one person: references, tokens with their ends, debt, payments, paid ' +
        'time and stored answers move. Limits of their own and names are those of this user, a block is of either. What ' +
        '`from` had reserved and settled can still be read, and refunded to this user. It cannot be undone.',
      params: closed({ user: userReference }),
      body: closed({
        from: { ...userReference, examples: ['web:same-person'] },
        reason: {
          ...blockReason,
          description: 'Why; for the audit log.',
          examples: ['linked the bot to the web'],
        },
      }),
      response: { 200: user },
    },
    handler: async (request, reply) => {
      const wish = { user: request.params.user, ...request.body };
      const outcome = await decide(servicesFor(request, services), wish, request.idempotency);
      return sendOutcome(request, reply, outcome, 200, userBody);
    },
  });
