import { Type } from 'typebox';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { Problem } from '../problem.js';
import { closed } from '../schemas/common.js';

/** GET /readyz */
export const readyz: RouteFactory = ({ ready }) =>
  defineRoute({
    method: 'GET',
    url: '/readyz',
    config: { public: true, refusals: ['unavailable'] },
    schema: {
      operationId: 'readyz',
      tags: ['Health'],
      summary: 'Can it answer requests?',
      description:
        '503 while the database is away or read-only, and from SIGTERM on. Without Redis it is ready, with limits counted in the process (`degraded`); with a clock of its own that is off by more than a second it is ready too, and goes by the database’s.',
      response: {
        200: closed(
          {
            status: Type.String({ maxLength: 16, examples: ['ok'] }),
            database: Type.String({ maxLength: 16, examples: ['up'] }),
            limits: Type.String({ maxLength: 16, examples: ['up'] }),
            clock: Type.String({ maxLength: 16, examples: ['ok'] }),
          },
          { title: 'Readiness' },
        ),
      },
    },
    handler: async (_request, reply) => {
      const { ok, database, limits, clock } = await ready();
      if (!ok) {
        // What is up serves, and yet it is not ready: it is about to end.
        throw Problem.unavailable(
          database === 'up' ? 'This instance is stopping.' : `database ${database}, limits ${limits}`,
        );
      }
      return reply.send({ status: 'ok', database, limits, clock });
    },
  });
