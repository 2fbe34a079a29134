import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, sendProblem } from '../problem.js';

/** A compressed body is another media type to us; told before it is read, by what it says of itself. */
export function refuseEncodedBodies(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') done();
  else
    sendProblem(
      request,
      reply,
      new Problem('unsupported-media-type', 'Send the body as it is, without Content-Encoding.'),
    );
}
