import type { FastifyRequest } from 'fastify';
import type { Actor, Author } from '../../domain/ports/audit-log.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { RouteConfig } from '../define-route.js';
import { Problem } from '../problem.js';
import { LINE } from '../schemas/text-rules.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the audit log keeps what this call writes. */
    author: Author | undefined;
  }
}

/** The console and the command line say so themselves; the key is what a caller is known by. */
const HEADER = 'x-farebox-via';
const REASON = 'x-farebox-reason';
const MAX_REASON_LENGTH = 500;
const WITHOUT_CONTROLS = new RegExp(LINE.pattern);

/** The preHandler of a route that the audit log tells of. */
export function noteAuthor(action: string, audited: NonNullable<RouteConfig['audited']>, clock: Clock) {
  return (request: FastifyRequest, _reply: unknown, done: () => void): void => {
    const via = viaOf(request.headers[HEADER]);
    if (audited === 'always' || via !== 'api') {
      const { apiKeyId, name } = request.caller;
      request.author = {
        ...{ actor: { apiKeyId, name, via }, action },
        ...{ requestId: request.id, at: clock.now(), reason: reasonOf(request.headers[REASON]) },
      };
    }
    done();
  };
}

const viaOf = (header: string | string[] | undefined): Actor['via'] =>
  header === 'console' || header === 'cli' ? header : 'api';

/** Percent-encoded, for a header has no letters beyond ASCII. */
function reasonOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  const reason = decoded(String(header));
  if (reason !== null && reason.length <= MAX_REASON_LENGTH && WITHOUT_CONTROLS.test(reason)) return reason;
  const message = `must be percent-encoded text of at most ${MAX_REASON_LENGTH} characters, without control characters`;
  throw Problem.invalid({ field: 'X-Farebox-Reason', message });
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Throws where the route does not say `audited: 'always'`. */
export function authorOf({ author }: FastifyRequest): Author {
  if (!author) throw new Error('this route writes, and does not say that it is audited');
  return author;
}
