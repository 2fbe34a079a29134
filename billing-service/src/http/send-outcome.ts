import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Outcome } from '../domain/idempotency.js';
import type { Result } from '../domain/refusal.js';
import { Problem, sendRefusal } from './problem.js';

/**
 * The one way from a decision to an answer: a refusal as its problem, a value as the route's body, marked where an
 * earlier call's answer is given again.
 */
export function sendOutcome<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: Outcome<T> | Result<T>,
  status: number,
  bodyOf: (value: T) => object,
): FastifyReply {
  if (!outcome.ok) return sendRefusal(request, reply, outcome.refusal);
  if ('replayed' in outcome && outcome.replayed) reply.header('Idempotency-Replayed', 'true');
  return reply.code(status).send(bodyOf(outcome.value));
}

/** Metadata travels inside as the JSON text that is stored. */
export const metadataText = (metadata: Record<string, unknown> | undefined): string | null =>
  metadata === undefined ? null : JSON.stringify(metadata);

const EARLIEST = Date.UTC(1970, 0, 1);

/** ms since the epoch; a date-time that is well-formed and yet none (a leap second, the year 0) is the caller's error. */
export function parseTime(field: string, text: string): number {
  const time = Date.parse(text);
  if (time >= EARLIEST) return time;
  throw Problem.invalid({ field, message: 'must be a date-time from 1970 on, such as 2030-01-01T00:00:00Z' });
}
