import type { FastifyInstance } from 'fastify';
import { onceASecond } from '../once-a-second.js';
import { requestName } from '../request-name.js';

const SLOW_MS = 1_000;

/**
 * The only lines for requests that went well: at the level `debug` one each, above it those that took long, one a second
 * where all do. What was refused has its line already, see problem.ts.
 */
export function logRequests(app: FastifyInstance): void {
  const slow = onceASecond();
  const isEach = /debug|trace/.test(app.log.level);
  app.addHook('onResponse', (request, reply, done) => {
    const others = reply.elapsedTime > SLOW_MS ? slow() : null;
    const ms = Math.round(reply.elapsedTime);
    if (others !== null) request.log.warn({ ...requestName(request), ms, others }, 'slow request');
    else if (isEach && reply.problemCode === '') {
      request.log.debug({ ...requestName(request), status: reply.statusCode, ms }, 'request');
    }
    done();
  });
}
