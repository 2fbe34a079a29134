import { sumPayments as sum } from '../../domain/payments/sum-payments.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { timeOrNone } from '../read-input.js';
import { salesAnswer, salesQuery } from '../schemas/sales.js';
import { sendOutcome } from '../send-outcome.js';

/** GET /payments/summary */
export const sumPayments: RouteFactory = ({ sales }) =>
  defineRoute({
    method: 'GET',
    url: '/payments/summary',
    config: { scopes: ['payments', 'support'] },
    schema: {
      operationId: 'sumPayments',
      tags: ['Payments'],
      summary: 'Sum what was sold',
      description:
        'By day, month, provider or product; each row is of one currency, for amounts of different ones have no sum. A ' +
        'payment counts at the time it was applied, its refund too. Times come oldest first, then the most money.',
      querystring: salesQuery,
      response: { 200: salesAnswer },
    },
    handler: async (request, reply) => {
      const { from, to, by, limit, cursor } = request.query;
      const range = { from: timeOrNone('from', from), to: timeOrNone('to', to) };
      const page = await sum(sales, { ...range, by, cursor, limit: Number(limit) });
      return sendOutcome(request, reply, page, 200);
    },
  });
