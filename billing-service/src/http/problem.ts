/** RFC 9457 answers: application/problem+json with a stable `code`. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Refusal } from '../domain/refusal.js';
import { describeRefusal } from './describe-refusal.js';
import { codeOf, ERRORS, type ErrorCode } from './errors.js';
import { requestName } from './request-name.js';

declare module 'fastify' {
  interface FastifyReply {
    /** What it was refused as; empty where it was not. For the figures. */
    problemCode: ErrorCode | '';
    /** Of a batch: what each refused item was refused as. */
    itemProblems: ErrorCode[] | null;
  }
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** No text of an answer that repeats what a caller sent is longer. */
export const MAX_SHOWN = 4096;

/** A NUL, which few programs can keep in a text, is written out as in JSON; half a character is cut off whole. */
const shown = (text: string): string =>
  text
    .replaceAll('\0', '\\u0000')
    .slice(0, MAX_SHOWN)
    .replace(/[\ud800-\udbff]$/, '');

const RETRY_AFTER_S = '1';

/** A problem that ends the request where it is thrown, for hooks and parsers. Handlers answer refusals as values. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly extras: Record<string, unknown> = {},
    readonly headers: Record<string, string> = {},
  ) {
    super(detail);
  }

  /** 400 `invalid-request`; `field` as the caller wrote it: `amount`, `metadata.foo`, `Idempotency-Key`. */
  static invalid(...errors: { field: string; message: string }[]): Problem {
    return new Problem('invalid-request', describeRefusal({ kind: 'invalid', errors }).detail, { errors });
  }

  /** 503, to be sent again in a moment. */
  static unavailable(detail: string): Problem {
    return new Problem('unavailable', detail, {}, { 'retry-after': RETRY_AFTER_S });
  }
}

const CHALLENGE = { 'www-authenticate': 'Bearer realm="farebox"' };
export const unauthorized = (detail: string) => new Problem('unauthorized', detail, {}, CHALLENGE);

/** The body; `type` is the code as a URN. */
export function problemBody(
  code: ErrorCode,
  status: number,
  detail: string,
  requestId: string,
  extras: Record<string, unknown> = {},
) {
  const { title } = ERRORS[code];
  return { type: `urn:farebox:error:${code}`, title, status, detail, code, requestId, ...extras };
}

/** A problem's status at this route, and its body as text: the route's own reply schemas must not cut its members. */
export function renderProblem(
  request: FastifyRequest,
  { code, detail, extras }: Problem,
): { status: number; text: string } {
  const status = request.routeOptions.config.statuses?.[code] ?? ERRORS[code].status;
  const body = problemBody(code, status, detail, request.id, extras);
  const text = JSON.stringify(body, (_, value) => (typeof value === 'string' ? shown(value) : value));
  return { status, text };
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const { code, headers } = problem;
  const { status, text } = renderProblem(request, problem);
  // Not the detail: it names users, and no text of theirs gets into a log.
  request.log.debug({ ...requestName(request), status, code }, 'refused');
  reply.problemCode = code;
  return reply
    .code(status)
    .headers({ ...headers, 'x-request-id': request.id })
    .type(PROBLEM_TYPE)
    .send(text);
}

/** A refusal of the domain as a problem. */
export function problemOf(refusal: Refusal): Problem {
  const { detail, extras } = describeRefusal(refusal);
  const headers: Record<string, string> = {};
  if (refusal.kind === 'rate_limited') headers['retry-after'] = String(refusal.limit.retryAfter);
  return new Problem(codeOf(refusal.kind), detail, extras, headers);
}

export const sendRefusal = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply =>
  sendProblem(request, reply, problemOf(refusal));
