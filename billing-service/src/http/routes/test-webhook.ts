import { defineRoute, type RouteFactory } from '../define-route.js';
import { authorOf } from '../hooks/note-author.js';
import { sendRefusal } from '../problem.js';
import { closed } from '../schemas/common.js';
import { delivery, deliveryBody, webhookId } from '../schemas/webhooks.js';

/** POST /webhooks/{id}/test */
export const testWebhook: RouteFactory = ({ webhooks }) =>
  defineRoute({
    method: 'POST',
    url: '/webhooks/:id/test',
    config: { audited: 'always', scopes: ['webhooks'], refusals: ['unknown-webhook'] },
    schema: {
      operationId: 'testWebhook',
      tags: ['Webhooks'],
      summary: 'Send a test event',
      description:
        'A `webhook.test` to this endpoint alone, whatever its `types`, and also while it is disabled.',
      params: closed({ id: webhookId }),
      response: { 202: delivery },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const sent = await webhooks.by(authorOf(request)).test(id);
      if (!sent) return sendRefusal(request, reply, { kind: 'unknown_webhook', id });
      return reply.code(202).send(deliveryBody(sent));
    },
  });
