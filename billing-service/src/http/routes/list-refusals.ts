import { listRefusals as readRows } from '../../domain/refusals/list-refusals.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { timeOrNone } from '../read-input.js';
import { pageOf } from '../schemas/common.js';
import { kindOf, refusalBody, refusalRow, refusalsQuery } from '../schemas/refusals.js';
import { sendOutcome } from '../send-outcome.js';

/** GET /refusals */
export const listRefusals: RouteFactory = ({ users, refusals }) =>
  defineRoute({
    method: 'GET',
    url: '/refusals',
    config: { scopes: ['support'] },
    schema: {
      operationId: 'listRefusals',
      tags: ['Operations'],
      summary: 'List who was refused',
      description:
        'Who met a limit, ran out of tokens, was blocked or held too much, by the hour: the newest hour first, and of one ' +
        'hour the most refused first. Kept for 30 days, and up to 5 seconds behind.',
      querystring: refusalsQuery,
      response: { 200: pageOf(refusalRow) },
    },
    handler: async (request, reply) => {
      const { limit, from, to, code, ...query } = request.query;
      const range = { from: timeOrNone('from', from), to: timeOrNone('to', to) };
      const page = await readRows(
        { users, refusals },
        { ...query, ...range, kind: kindOf(code), limit: Number(limit) },
      );
      return sendOutcome(request, reply, page, 200, ({ items, ...rest }) => ({
        items: items.map(refusalBody),
        ...rest,
      }));
    },
  });
