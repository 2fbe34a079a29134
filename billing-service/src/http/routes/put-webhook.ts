import { defineRoute, type RouteFactory } from '../define-route.js';
import { authorOf } from '../hooks/note-author.js';
import { Problem, sendRefusal } from '../problem.js';
import { closed } from '../schemas/common.js';
import { webhook, webhookBody, webhookId, webhookWish } from '../schemas/webhooks.js';

/** PUT /webhooks/{id} */
export const putWebhook: RouteFactory = ({ webhooks, addresses }) =>
  defineRoute({
    method: 'PUT',
    url: '/webhooks/:id',
    config: { audited: 'always', scopes: ['webhooks'], refusals: ['unknown-webhook'] },
    schema: {
      operationId: 'putWebhook',
      tags: ['Webhooks'],
      summary: 'Change an endpoint',
      description:
        'As a whole. Disabled, what waits is skipped, and so is what happens until it is enabled again.',
      params: closed({ id: webhookId }),
      body: webhookWish,
      response: { 200: webhook },
    },
    handler: async (request, reply) => {
      const fault = addresses.faultOfUrl(request.body.url);
      if (fault) throw Problem.invalid({ field: 'url', message: fault });
      const { id } = request.params;
      const changed = await webhooks.by(authorOf(request)).replace(id, request.body);
      if (!changed) return sendRefusal(request, reply, { kind: 'unknown_webhook', id });
      return reply.send(webhookBody(changed));
    },
  });
