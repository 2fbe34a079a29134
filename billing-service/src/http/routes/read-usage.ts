import { readUsage as read } from '../../domain/usage/read-usage.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { parseTime } from '../read-input.js';
import { usageAnswer, usageQuery } from '../schemas/usage.js';
import { sendOutcome } from '../send-outcome.js';
import { toIso } from '../to-iso.js';

const timeOf = (field: string, text: string | undefined): number | undefined =>
  text === undefined ? undefined : parseTime(field, text);

/** GET /usage */
export const readUsage: RouteFactory = (services) =>
  defineRoute({
    method: 'GET',
    url: '/usage',
    config: { scopes: ['support'] },
    schema: {
      operationId: 'readUsage',
      tags: ['Operations'],
      summary: 'Sum the ledger',
      description:
        'By time, operation, tier, model or user, as the ledger is at this instant. An entry counts in the hour of its ' +
        '`createdAt`, so an hour that is over may still gain what was due in it. Times come oldest first, then the most ' +
        'charged. Of users only whole UTC months are kept; what else is asked of them (other spans, or `operation`, `tier`, ' +
        '`model`) is read entry by entry, and refused beyond a million. 503 while a ledger from before is still summed up.',
      querystring: usageQuery,
      response: { 200: usageAnswer },
    },
    handler: async (request, reply) => {
      const { from, to, by, user, operation, tier, model, timezone = 'UTC', limit, cursor } = request.query;
      const usage = await read(services, {
        ...{ by, user, operation, tier, model, timezone, cursor },
        from: timeOf('from', from),
        to: timeOf('to', to),
        limit: Number(limit),
      });
      return sendOutcome(request, reply, usage, 200, ({ asOf, ...page }) => ({ ...page, asOf: toIso(asOf) }));
    },
  });
