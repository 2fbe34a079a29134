import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, sendProblem } from '../problem.js';

const notFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendProblem(request, reply, new Problem('not-found', `There is no ${request.method} on this path.`));

/** 404 comes before everything else: nothing of a body is read for a path that is none. */
export function refuseUnknownPaths(app: FastifyInstance): void {
  app.setNotFoundHandler(notFound);
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) notFound(request, reply);
    else done();
  });
}

/** For a route with parameters: the router takes `/tiers/` for `/tiers/:tier`, with an empty name. */
export function refuseEmptyNames(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (Object.values(request.params as object).includes('')) notFound(request, reply);
  else done();
}
