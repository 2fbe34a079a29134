import type { FastifyRequest } from 'fastify';
import type { Actor, Author } from '../../domain/ports/audit-log.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { RouteConfig } from '../define-route.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the audit log keeps what this call writes. */
    author: Author | undefined;
  }
}

/** The console and the command line say so themselves; the key is what a caller is known by. */
const HEADER = 'x-farebox-via';

/** The preHandler of a route that the audit log tells of. */
export function noteAuthor(action: string, audited: NonNullable<RouteConfig['audited']>, clock: Clock) {
  return (request: FastifyRequest, _reply: unknown, done: () => void): void => {
    const via = viaOf(request.headers[HEADER]);
    if (audited === 'always' || via !== 'api') {
      const { apiKeyId, name } = request.caller;
      request.author = {
        ...{ actor: { apiKeyId, name, via }, action },
        ...{ requestId: request.id, at: clock.now() },
      };
    }
    done();
  };
}

const viaOf = (header: string | string[] | undefined): Actor['via'] =>
  header === 'console' || header === 'cli' ? header : 'api';

/** Throws where the route does not say `audited: 'always'`. */
export function authorOf({ author }: FastifyRequest): Author {
  if (!author) throw new Error('this route writes, and does not say that it is audited');
  return author;
}
