import { quoteTokens as decide } from '../../domain/tokens/quote-tokens.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { quoteBody, quoted } from '../schemas/tokens.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** POST /tokens/quote */
export const quoteTokens: RouteFactory = (services) =>
  defineRoute({
    method: 'POST',
    url: '/tokens/quote',
    config: { scopes: ['tokens'], refusals: ['unknown-operation'] },
    schema: {
      operationId: 'quoteTokens',
      tags: ['Tokens'],
      summary: 'Ask what an operation would cost',
      description: 'Changes nothing and creates nobody: an unknown user is answered as a new one.',
      body: quoteBody,
      response: { 200: quoted },
    },
    handler: async (request, reply) => {
      const { user, operation, quantity, amount, units, model = null } = request.body;
      const asked = { user, operation, quantity, amount, units, model };
      const result = await decide(servicesFor(request, services), asked);
      return sendOutcome(request, reply, result, 200);
    },
  });
