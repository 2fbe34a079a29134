import { Type } from 'typebox';
import { listPayments as readPayments } from '../../domain/payments/list-payments.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed, pageOf, pagination, userReference } from '../schemas/common.js';
import { payment, paymentId, provider } from '../schemas/payments.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';
import { toListedPayment } from '../to-listed-payment.js';

/** GET /payments */
export const listPayments: RouteFactory = (services) =>
  defineRoute({
    method: 'GET',
    url: '/payments',
    config: { scopes: ['payments', 'support'] },
    schema: {
      operationId: 'listPayments',
      tags: ['Payments'],
      summary: 'List payments',
      description:
        'Newest first; of one user, of one provider, or all. Tier, periodEnd, paidUntil, upcoming and balance are as they ' +
        'were when the payment was applied. A user whom nobody knows has none.',
      querystring: closed({
        ...pagination,
        user: Type.Optional(userReference),
        provider: Type.Optional(provider),
        paymentId: Type.Optional(paymentId),
      }),
      response: { 200: pageOf(payment) },
    },
    handler: async (request, reply) => {
      const { limit, ...query } = request.query;
      const page = await readPayments(servicesFor(request, services), { ...query, limit: Number(limit) });
      return sendOutcome(request, reply, page, 200, ({ items, ...rest }) => ({
        items: items.map(toListedPayment),
        ...rest,
      }));
    },
  });
