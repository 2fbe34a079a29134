import { defineRoute, type RouteFactory } from '../define-route.js';
import { serviceAnswer, serviceBody } from '../schemas/service.js';

/** GET /service */
export const readService: RouteFactory = ({ view }) =>
  defineRoute({
    method: 'GET',
    url: '/service',
    config: { scopes: ['support'] },
    schema: {
      operationId: 'readService',
      tags: ['Operations'],
      summary: 'Read what answers',
      description:
        'Of the instance that answers: version, clock, connections, and settings without secrets; and the instances it has heard ' +
        'of in the last 35 s. Those that share no Redis do not hear of each other.',
      response: { 200: serviceAnswer },
    },
    handler: async (_request, reply) => reply.send(serviceBody(view)),
  });
