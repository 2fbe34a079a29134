import { Type } from 'typebox';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { authorOf } from '../hooks/note-author.js';
import { sendRefusal } from '../problem.js';
import { closed } from '../schemas/common.js';
import { webhookId } from '../schemas/webhooks.js';

/** DELETE /webhooks/{id} */
export const deleteWebhook: RouteFactory = ({ webhooks }) =>
  defineRoute({
    method: 'DELETE',
    url: '/webhooks/:id',
    config: { audited: 'always', scopes: ['webhooks'], refusals: ['unknown-webhook'] },
    schema: {
      operationId: 'deleteWebhook',
      tags: ['Webhooks'],
      summary: 'Remove an endpoint',
      description: 'What waits for it is not sent.',
      params: closed({ id: webhookId }),
      response: { 204: Type.Null({ description: 'Removed.' }) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      if (!(await webhooks.by(authorOf(request)).remove(id)))
        return sendRefusal(request, reply, { kind: 'unknown_webhook', id });
      return reply.code(204).send(null);
    },
  });
