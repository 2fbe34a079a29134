import { checkLimits as decide } from '../../domain/limits/check-limits.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { itemCall, numberOf } from '../item-call.js';
import { limitBody } from '../limit-body.js';
import { rateLimitHeaders } from '../rate-limit-headers.js';
import { checkBody, limitDecision } from '../schemas/limits.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

export const checkCall = itemCall({
  url: '/limits/check',
  body: checkBody,
  status: 200,
  act: (services, body, key) => decide(services, key ? { ...body, checkId: `key:${key.keyHash}` } : body),
  toBody: limitBody,
  whose: (services, { user }) => numberOf(services, user),
});

/** POST /limits/check */
export const checkLimits: RouteFactory = (services) =>
  defineRoute({
    method: 'POST',
    url: checkCall.url,
    config: { scopes: ['limits'], refusals: ['unknown-operation', 'user-blocked'] },
    schema: {
      operationId: 'checkLimits',
      tags: ['Limits'],
      summary: 'May the user act now?',
      description:
        'Counts the request against every rate limit of the user’s tier, all or nothing. A denial is a 200 with ' +
        '`allowed: false` and consumes nothing. The top level is the policy that decides: when denied the one to ' +
        'wait for longest, or the one with the least remaining. An unknown user is created on the gift tier, but ' +
        'not by a peek.',
      body: checkBody,
      response: { 200: limitDecision },
    },
    handler: async (request, reply) => {
      const result = await checkCall.act(servicesFor(request, services), request.body, undefined);
      if (result.ok) reply.headers(rateLimitHeaders(result.value, services.clock.now()));
      return sendOutcome(request, reply, result, 200, limitBody);
    },
  });
