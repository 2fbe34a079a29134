import type { FastifyReply, FastifyRequest } from 'fastify';

/** For a route whose answer shows a secret: neither a proxy nor a browser may write it anywhere. */
export function keepOutOfCaches(_request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  reply.header('cache-control', 'no-store');
  done();
}
