import { Type } from 'typebox';
import { blockUser as decide } from '../../domain/users/block-user.js';
import { defineRoute, NEXT, type RouteFactory } from '../define-route.js';
import { Problem } from '../problem.js';
import { closed, userReference } from '../schemas/common.js';
import { blockReason, user, userBody } from '../schemas/user.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** PUT /users/{user}/block */
export const blockUser: RouteFactory = (services) =>
  defineRoute({
    method: 'PUT',
    url: '/users/:user/block',
    config: { links: { readUser: NEXT.readUser }, audited: 'always', rehearsable: true, scopes: ['grants'] },
    schema: {
      operationId: 'blockUser',
      tags: ['Users'],
      summary: 'Block a user, or let the user act again',
      description:
        'While blocked, limits/check and reserve answer 403 `user-blocked` and count or hold nothing, on every instance ' +
        'within 100 ms. Quote, commit, refund, extend, grants and payments go on.',
      params: closed({ user: userReference }),
      body: closed({
        blocked: Type.Boolean({ description: 'Whether the user is to be stopped.', examples: [false] }),
        reason: Type.Optional({ ...blockReason, description: 'Why; needed to block.' }),
      }),
      response: { 200: user },
    },
    handler: async (request, reply) => {
      const { blocked, reason = null } = request.body;
      if (blocked && reason === null) {
        throw Problem.invalid({ field: 'reason', message: 'is needed to block a user' });
      }
      const wish = { user: request.params.user, blocked, reason };
      const outcome = await decide(servicesFor(request, services), wish);
      return sendOutcome(request, reply, outcome, 200, userBody);
    },
  });
