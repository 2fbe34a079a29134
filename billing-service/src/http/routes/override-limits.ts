import { overrideLimits as decide } from '../../domain/users/override-limits.js';
import { defineRoute, NEXT, type RouteFactory } from '../define-route.js';
import { Problem } from '../problem.js';
import { parseTime } from '../read-input.js';
import { closed, userReference } from '../schemas/common.js';
import { overridesInput, user, userBody } from '../schemas/user.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** PUT /users/{user}/overrides */
export const overrideLimits: RouteFactory = (services) =>
  defineRoute({
    method: 'PUT',
    url: '/users/:user/overrides',
    config: { links: { readUser: NEXT.readUser }, audited: 'always', rehearsable: true, scopes: ['grants'] },
    schema: {
      operationId: 'overrideLimits',
      tags: ['Users'],
      summary: 'Set limits of one user in place of the tier’s',
      description:
        'Replaces what was set before; what is null or left out is the tier’s, and all of them null takes the overrides ' +
        'away. On every instance within 100 ms; what was counted stays counted. Over by itself at `expiresAt`.',
      params: closed({ user: userReference }),
      body: overridesInput,
      response: { 200: user },
    },
    handler: async (request, reply) => {
      const { policies, maxOpenReservations, overdraft, expiresAt = null, reason = null } = request.body;
      const isSet = [policies, maxOpenReservations, overdraft].some((one) => one !== null);
      if (isSet && reason === null) {
        throw Problem.invalid({ field: 'reason', message: 'is needed to override a limit' });
      }
      const wish = {
        ...{ user: request.params.user, reason },
        overrides: isSet
          ? {
              ...{ policies, maxOpenReservations, overdraft, reason: reason ?? '' },
              expiresAt: expiresAt === null ? null : parseTime('expiresAt', expiresAt),
            }
          : null,
      };
      const outcome = await decide(servicesFor(request, services), wish);
      return sendOutcome(request, reply, outcome, 200, userBody);
    },
  });
