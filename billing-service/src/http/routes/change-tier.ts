import { changeTier as decide } from '../../domain/users/change-tier.js';
import { defineRoute, NEXT, type RouteFactory } from '../define-route.js';
import { closed, userReference } from '../schemas/common.js';
import { planOfUser, tierChange } from '../schemas/payments.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';
import { toPlanAnswer } from '../to-plan-answer.js';

/** PUT /users/{user}/tier */
export const changeTier: RouteFactory = (services) =>
  defineRoute({
    method: 'PUT',
    url: '/users/:user/tier',
    config: {
      links: { readBalance: NEXT.readBalance },
      audited: 'always',
      rehearsable: true,
      scopes: ['grants'],
      refusals: ['unknown-tier'],
    },
    schema: {
      operationId: 'changeTier',
      tags: ['Users'],
      summary: 'Set a user’s tier at once',
      description:
        'Another tier begins now, as months that nobody paid for and that go before all that was paid for; tokens ' +
        'granted before stay until their own expiry. The present tier is made to end with the period `months` − 1 ' +
        'after this one; what was paid for is never dropped. Gift drops all paid time.',
      params: closed({ user: userReference }),
      body: tierChange,
      response: { 200: planOfUser },
    },
    handler: async (request, reply) => {
      const { tier, months } = request.body;
      const result = await decide(servicesFor(request, services), {
        user: request.params.user,
        tier,
        months,
      });
      return sendOutcome(request, reply, result, 200, toPlanAnswer);
    },
  });
