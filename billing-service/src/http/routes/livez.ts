import { Type } from 'typebox';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed } from '../schemas/common.js';

/** GET /livez */
export const livez: RouteFactory = () =>
  defineRoute({
    method: 'GET',
    url: '/livez',
    config: { public: true },
    schema: {
      operationId: 'livez',
      tags: ['Health'],
      summary: 'Is the process alive?',
      description: 'Touches no dependency: a failing one is no reason to restart this process.',
      response: {
        200: closed({ status: Type.String({ maxLength: 16, examples: ['ok'] }) }, { title: 'Liveness' }),
      },
    },
    handler: async (_request, reply) => reply.send({ status: 'ok' }),
  });
