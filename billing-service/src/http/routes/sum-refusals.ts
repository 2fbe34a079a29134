import { sumRefusals as sum } from '../../domain/refusals/sum-refusals.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { timeOrNone } from '../read-input.js';
import { refusalSumBody, refusalSums, refusalSumsQuery } from '../schemas/refusals.js';
import { sendOutcome } from '../send-outcome.js';

/** GET /refusals/summary */
export const sumRefusals: RouteFactory = ({ refusals }) =>
  defineRoute({
    method: 'GET',
    url: '/refusals/summary',
    config: { scopes: ['support'] },
    schema: {
      operationId: 'sumRefusals',
      tags: ['Operations'],
      summary: 'Count who was refused',
      description:
        'How often, and how many users, by code: the rows of GET /refusals of these hours, summed.',
      querystring: refusalSumsQuery,
      response: { 200: refusalSums },
    },
    handler: async (request, reply) => {
      const { from, to } = request.query;
      const found = await sum(refusals, { from: timeOrNone('from', from), to: timeOrNone('to', to) });
      return sendOutcome(request, reply, found, 200, (items) => ({ items: items.map(refusalSumBody) }));
    },
  });
