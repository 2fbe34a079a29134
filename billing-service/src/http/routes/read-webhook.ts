import { defineRoute, type RouteFactory } from '../define-route.js';
import { sendRefusal } from '../problem.js';
import { closed } from '../schemas/common.js';
import { webhook, webhookBody, webhookId } from '../schemas/webhooks.js';

/** GET /webhooks/{id} */
export const readWebhook: RouteFactory = ({ webhooks }) =>
  defineRoute({
    method: 'GET',
    url: '/webhooks/:id',
    config: { scopes: ['webhooks', 'support'], refusals: ['unknown-webhook'] },
    schema: {
      operationId: 'readWebhook',
      tags: ['Webhooks'],
      summary: 'Read an endpoint',
      description: 'Without its secret.',
      params: closed({ id: webhookId }),
      response: { 200: webhook },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const found = await webhooks.find(id);
      if (!found) return sendRefusal(request, reply, { kind: 'unknown_webhook', id });
      return reply.send(webhookBody(found));
    },
  });
