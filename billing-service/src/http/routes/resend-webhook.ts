import { defineRoute, type RouteFactory } from '../define-route.js';
import { authorOf } from '../hooks/note-author.js';
import { sendRefusal } from '../problem.js';
import { parseTime } from '../read-input.js';
import { closed, time, timeInput } from '../schemas/common.js';
import { webhookId } from '../schemas/webhooks.js';
import { toIso } from '../to-iso.js';

/** POST /webhooks/{id}/resend */
export const resendWebhook: RouteFactory = ({ webhooks }) =>
  defineRoute({
    method: 'POST',
    url: '/webhooks/:id/resend',
    config: { audited: 'always', scopes: ['webhooks'], refusals: ['unknown-webhook'] },
    schema: {
      operationId: 'resendWebhook',
      tags: ['Webhooks'],
      summary: 'Send all events since a moment again',
      description:
        'Those of its types, delivered or not, in their order; what waits of them comes in its turn.',
      params: closed({ id: webhookId }),
      body: closed({ since: timeInput('From which on.', '2026-01-01T00:00:00.000Z') }),
      response: { 202: closed({ since: time }) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const since = parseTime('since', request.body.since);
      if (!(await webhooks.by(authorOf(request)).resendSince(id, since)))
        return sendRefusal(request, reply, { kind: 'unknown_webhook', id });
      return reply.code(202).send({ since: toIso(since) });
    },
  });
