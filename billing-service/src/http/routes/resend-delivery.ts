import { defineRoute, type RouteFactory } from '../define-route.js';
import { authorOf } from '../hooks/note-author.js';
import { sendRefusal } from '../problem.js';
import { closed } from '../schemas/common.js';
import { delivery, deliveryBody, deliveryId } from '../schemas/webhooks.js';

/** POST /deliveries/{id}/resend */
export const resendDelivery: RouteFactory = ({ webhooks }) =>
  defineRoute({
    method: 'POST',
    url: '/deliveries/:id/resend',
    config: { audited: 'always', scopes: ['webhooks'], refusals: ['unknown-delivery'] },
    schema: {
      operationId: 'resendDelivery',
      tags: ['Webhooks'],
      summary: 'Send an event again',
      description:
        'One that waits is tried now; of one that has ended another delivery is made, with the same `webhook-id`.',
      params: closed({ id: deliveryId }),
      response: { 202: delivery },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const sent = await webhooks.by(authorOf(request)).resend(Number(id));
      if (!sent) return sendRefusal(request, reply, { kind: 'unknown_delivery', id });
      return reply.code(202).send(deliveryBody(sent));
    },
  });
