import { Type } from 'typebox';
import { listDeliveries as readDeliveries } from '../../domain/webhooks/list-deliveries.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed, pageOf, pagination } from '../schemas/common.js';
import { delivery, deliveryBody, deliveryStatus, webhookId } from '../schemas/webhooks.js';
import { sendOutcome } from '../send-outcome.js';

/** GET /webhooks/{id}/deliveries */
export const listDeliveries: RouteFactory = ({ webhooks }) =>
  defineRoute({
    method: 'GET',
    url: '/webhooks/:id/deliveries',
    config: { scopes: ['webhooks', 'support'], refusals: ['unknown-webhook'] },
    schema: {
      operationId: 'listDeliveries',
      tags: ['Webhooks'],
      summary: 'List what was sent to an endpoint',
      description: 'Newest first, each with its attempts; kept for 30 days.',
      params: closed({ id: webhookId }),
      querystring: closed({ ...pagination, status: Type.Optional(deliveryStatus) }),
      response: { 200: pageOf(delivery) },
    },
    handler: async (request, reply) => {
      const { limit, cursor, status } = request.query;
      const wish = { id: request.params.id, limit: Number(limit), cursor, status };
      const page = await readDeliveries(webhooks, wish);
      return sendOutcome(request, reply, page, 200, ({ items, ...rest }) => ({
        items: items.map(deliveryBody),
        ...rest,
      }));
    },
  });
