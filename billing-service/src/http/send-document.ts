/** Catalogue documents with their ETags: 304 for what the caller has, 201 or 200 for what was written. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Put } from '../domain/catalogue/put-catalogue.js';
import { etagOf, isKnown } from './etag.js';
import { Problem, sendProblem, sendRefusal } from './problem.js';

export function sendDocument(request: FastifyRequest, reply: FastifyReply, document: unknown): FastifyReply {
  const etag = etagOf(document);
  reply.header('etag', etag);
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.code(200).send(document);
}

export function sendPut<T>(request: FastifyRequest, reply: FastifyReply, put: Put<T>): FastifyReply {
  if (!put.ok && put.refusal.kind === 'precondition_failed') {
    return sendProblem(request, reply, new Problem('precondition-failed', unmet(request.headers)));
  }
  if (!put.ok) return sendRefusal(request, reply, put.refusal);
  const { outcome, item } = put.value;
  return reply
    .header('etag', etagOf(item))
    .code(outcome === 'created' ? 201 : 200)
    .send(item);
}

function unmet(headers: FastifyRequest['headers']): string {
  const ifMatch = 'The ETag in If-Match is not the present one. Read it again.';
  const ifNoneMatch =
    'If-None-Match holds: there is such a one already. Read it, and send its ETag as If-Match.';
  if (headers['if-match'] === undefined) return ifNoneMatch;
  return headers['if-none-match'] === undefined
    ? ifMatch
    : 'If-Match or If-None-Match does not hold. Read it again.';
}

/** The path names what is written; a body that names another is a mistake. */
export function refuseOtherId(pathId: string, bodyId: string | undefined): void {
  if (bodyId !== undefined && bodyId !== pathId) {
    throw Problem.invalid({ field: 'id', message: 'must equal the id in the path' });
  }
}
