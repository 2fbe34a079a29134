import { defineRoute, type RouteFactory } from '../define-route.js';
import { authorOf } from '../hooks/note-author.js';
import { sendRefusal } from '../problem.js';
import { closed } from '../schemas/common.js';
import { newSecret, webhookId } from '../schemas/webhooks.js';

/** POST /webhooks/{id}/rotate-secret */
export const rotateWebhookSecret: RouteFactory = ({ webhooks }) =>
  defineRoute({
    method: 'POST',
    url: '/webhooks/:id/rotate-secret',
    config: { audited: 'always', scopes: ['webhooks'], refusals: ['unknown-webhook'], answersSecret: true },
    schema: {
      operationId: 'rotateWebhookSecret',
      tags: ['Webhooks'],
      summary: 'Give an endpoint a new secret',
      description:
        'Both sign for 24 hours: each delivery has a signature of either. The answer shows the new one this once.',
      params: closed({ id: webhookId }),
      response: { 200: newSecret },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const secret = await webhooks.by(authorOf(request)).rotateSecret(id);
      if (secret === null) return sendRefusal(request, reply, { kind: 'unknown_webhook', id });
      return reply.send({ secret });
    },
  });
