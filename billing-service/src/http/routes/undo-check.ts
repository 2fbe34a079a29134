import { undoCheck as decide } from '../../domain/limits/undo-check.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { undoBody, undone } from '../schemas/limits.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** POST /limits/undo */
export const undoCheck: RouteFactory = (services) =>
  defineRoute({
    method: 'POST',
    url: '/limits/undo',
    config: { scopes: ['limits'], refusals: ['unknown-operation'] },
    schema: {
      operationId: 'undoCheck',
      tags: ['Limits'],
      summary: 'Give a check’s count back',
      description: 'For work that was not done after all. Once for each check; creates nobody.',
      body: undoBody,
      response: { 200: undone },
    },
    handler: async (request, reply) =>
      sendOutcome(request, reply, await decide(servicesFor(request, services), request.body), 200),
  });
