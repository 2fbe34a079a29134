import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, sendProblem } from '../problem.js';
import { timesSent } from '../times-sent.js';

/**
 * RFC 9112, 3.2: a request of HTTP/1.1 has one Host, or is refused. By ourselves: what Node answers to none has no body
 * and no x-request-id, and of two it keeps the first.
 */
export function refuseHostless(app: FastifyInstance): void {
  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    const { raw } = request;
    const times = timesSent(raw, 'host');
    if (times === 1 || (times === 0 && raw.httpVersion === '1.0')) done();
    else sendProblem(request, reply, Problem.invalid({ field: 'Host', message: 'must be sent once' }));
  });
}
