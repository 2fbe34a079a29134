import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { OverloadedError, UnavailableError } from '../domain/ports/unavailable-error.js';
import type { OnShed } from './metrics.js';
import { onceASecond } from './once-a-second.js';
import { Problem, sendProblem } from './problem.js';
import { toFieldErrors } from './validation.js';

/** Fastify's own findings that have a code in our table. */
const OF_FASTIFY: Record<string, (request: FastifyRequest) => Problem> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ({ routeOptions: { config } }) => {
    const types = Object.keys(config.lines ?? { 'application/json': null });
    return new Problem('unsupported-media-type', `Send the body as Content-Type: ${types.join(' or ')}.`);
  },
  FST_ERR_CTP_BODY_TOO_LARGE: ({ routeOptions: { bodyLimit } }) =>
    new Problem('payload-too-large', `A body may have up to ${bodyLimit / 1024} KB here.`),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    Problem.invalid({ field: 'Content-Length', message: 'does not match the body' }),
  FST_ERR_BAD_URL: () => Problem.invalid({ field: 'path', message: 'is not a valid URL path' }),
  FST_ERR_ASYNC_CONSTRAINT: () => Problem.invalid({ field: 'path', message: 'is not a valid URL path' }),
};

/** Makes a problem of what was thrown, and logs what the caller cannot mend. */
export type TellError = (error: FastifyError, request: FastifyRequest) => Problem;

declare module 'fastify' {
  interface FastifyInstance {
    tellError: TellError;
  }
}

/**
 * A dependency that is away fails every request in the same way: one line a second says so and how many others there
 * were, the rest are there at debug.
 */
export function errorTeller(onShed?: OnShed): TellError {
  const unavailable = onceASecond();
  return (error, request) => {
    const problem = toProblem(error, request);
    if (error instanceof OverloadedError) {
      // Its work was dropped because nobody would hear the answer.
      const hasLeft = request.raw.socket.destroyed;
      onShed?.(request, hasLeft ? 'left' : error.kind);
    }
    const fields = { reqId: request.id, err: error };
    if (problem.code === 'internal-error') request.log.error(fields, 'request failed');
    if (problem.code === 'unavailable') {
      const since = unavailable();
      if (since === null) request.log.debug(fields, 'dependency unavailable');
      else request.log.warn({ ...fields, others: since }, 'dependency unavailable');
    }
    return problem;
  };
}

/** The one error handler. */
export const errorHandler =
  (tell: TellError) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendProblem(request, reply, tell(error, request));

function toProblem(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof OverloadedError) {
    return Problem.unavailable(
      'More is asked than can be answered in time. Nothing was begun: send it again.',
    );
  }
  if (error instanceof UnavailableError) {
    return Problem.unavailable('A dependency is away. Nothing is lost: send the same request again.');
  }
  if (error.validation) return Problem.invalid(...toFieldErrors(error.validation));
  const known = OF_FASTIFY[error.code];
  if (known) return known(request);
  // The request was cut off or garbled on its way here, as Node or Fastify noticed: nothing of ours broke.
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return Problem.invalid({ field: 'request', message: 'could not be read' });
  }
  // The message of an unknown error is for the log only: it may name tables, hosts or another user's data.
  return new Problem('internal-error', 'The request failed; the log has the reason under this requestId.');
}
