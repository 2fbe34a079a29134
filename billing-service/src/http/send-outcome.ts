import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Outcome } from '../domain/account/idempotency.js';
import type { Result } from '../domain/refusal.js';
import { sendRefusal } from './problem.js';

/**
 * Answers with a value or its refusal. `toBody` turns the domain's value into the reply (times to ISO strings).
 * A replayed value gets the same status, and says so in `Idempotency-Replayed`.
 */
export function sendOutcome<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: Outcome<T> | Result<T>,
  status: number,
  toBody: (value: T) => unknown = (value) => value,
): FastifyReply {
  if (!outcome.ok) return sendRefusal(request, reply, outcome.refusal);
  if ('replayed' in outcome && outcome.replayed) reply.header('idempotency-replayed', 'true');
  return reply.code(status).send(toBody(outcome.value));
}
