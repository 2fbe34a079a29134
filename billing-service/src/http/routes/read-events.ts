import { Type } from 'typebox';
import { readFeed } from '../../domain/events/event-feed.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed, queryInteger, userReference } from '../schemas/common.js';
import { eventBody, eventPage } from '../schemas/events.js';
import { CURSOR } from '../schemas/text-rules.js';
import { sendOutcome } from '../send-outcome.js';

const MAX_WAIT_S = 25;
/** As any other call, once the wait is over. */
const ANSWER_WITHIN_MS = (MAX_WAIT_S + 4) * 1000;

/** GET /events */
export const readEvents: RouteFactory = (services) =>
  defineRoute({
    method: 'GET',
    url: '/events',
    config: {
      scopes: ['events', 'support'],
      refusals: ['cursor-expired'],
      answerWithinMs: ANSWER_WITHIN_MS,
    },
    schema: {
      operationId: 'readEvents',
      tags: ['Events'],
      summary: 'Read what happened',
      description:
        'Oldest first, each event once. Keep `nextCursor`, which every answer has, and send it as `after`; with `wait` the ' +
        'call answers as soon as there is something. An event never changes, and is kept for 30 days.',
      querystring: closed({
        after: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 4096,
            ...CURSOR,
            description:
              '`nextCursor` of an earlier answer, whatever it was asked with; absent: from the oldest kept.',
          }),
        ),
        types: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 1000,
            pattern: '^[a-z.]+(,[a-z.]+)*$',
            'x-words': 'must be names of events with commas between',
            description: 'Only these, with commas.',
          }),
        ),
        user: Type.Optional(userReference),
        limit: queryInteger({ minimum: 1, maximum: 1000, default: 100, description: 'Items an answer.' }),
        wait: queryInteger({
          minimum: 0,
          maximum: MAX_WAIT_S,
          default: 0,
          description: 'Seconds to wait for an event where there is none.',
        }),
      }),
      response: { 200: eventPage },
    },
    handler: async (request, reply) => {
      const { limit, wait, ...query } = request.query;
      const wish = { ...query, limit: Number(limit), waitMs: Number(wait) * 1000 };
      const page = await readFeed(services, wish, request.patience);
      return sendOutcome(request, reply, page, 200, ({ items, nextCursor }) => ({
        items: items.map(eventBody),
        nextCursor,
      }));
    },
  });
