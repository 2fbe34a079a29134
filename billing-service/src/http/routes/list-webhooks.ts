import { defineRoute, type RouteFactory } from '../define-route.js';
import { pageOf } from '../schemas/common.js';
import { webhook, webhookBody } from '../schemas/webhooks.js';

/** GET /webhooks */
export const listWebhooks: RouteFactory = ({ webhooks }) =>
  defineRoute({
    method: 'GET',
    url: '/webhooks',
    config: { scopes: ['webhooks', 'support'] },
    schema: {
      operationId: 'listWebhooks',
      tags: ['Webhooks'],
      summary: 'List the endpoints',
      description: 'Oldest first, all of them; without their secrets.',
      response: { 200: pageOf(webhook) },
    },
    handler: async (_request, reply) => {
      return reply.send({ items: (await webhooks.list()).map(webhookBody) });
    },
  });
