import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TObject, TSchema } from 'typebox';
import { defineRoute, type Route, type RouteConfig } from '../define-route.js';
import type { ErrorCode } from '../errors.js';
import type { ItemCall } from '../item-call.js';
import { problemSchema } from '../openapi/problem-responses.js';
import { Problem } from '../problem.js';
import { batchAnswer, batchBody, envelope, itemOf } from '../schemas/batches.js';
import { limitDecision } from '../schemas/limits.js';
import type { Services } from '../services.js';
import { compile, itemReader } from './item-reader.js';
import { type ItemAnswer, runBatch } from './run-batch.js';

export const BATCH_LIMIT_BYTES = 256 * 1024;

interface BatchOptions {
  operationId: string;
  tag: string;
  summary: string;
  description: string;
  /** The single call's answer, and the title of the batch's. */
  answer: TSchema;
  title: string;
  config: RouteConfig;
}

/** `POST <url>/batch` of a call that may be asked by itself. */
export function batchOf<Body extends TObject, Value>(
  services: Services,
  call: ItemCall<Body, Value>,
  { operationId, tag, summary, description, answer, title, config }: BatchOptions,
): Route {
  const read = itemReader(call);
  return defineRoute({
    method: 'POST',
    url: `${call.url}/batch`,
    bodyLimit: BATCH_LIMIT_BYTES,
    config: { ...config, itemsApart: true },
    schema: {
      ...{ operationId, tags: [tag], summary, description: `${description} ${ALL_BATCHES}` },
      body: batchBody(itemOf(call.body)),
      response: { 200: batchAnswer(answer, problemSchema(limitDecision as never) as TSchema, title) },
    },
    // An item that breaks a rule is refused by itself: here only that there are items.
    validatorCompiler: (route) =>
      compile(route.httpPart === 'body' ? { ...route, schema: envelope } : route) as never,
    preHandler: refuseKey,
    handler: async (request, reply) => {
      const answers = await runBatch(call, read, request, services);
      return sendAnswers(request, reply, answers);
    },
  });
}

const ALL_BATCHES =
  'Up to 100 items, 256 KB; each answered as the single call would, those of one user in turn. `idempotencyKey` is what ' +
  'the header is there.';

function refuseKey(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  if (request.headers['idempotency-key'] !== undefined) {
    const message = 'is not for a whole batch: each item has its own `idempotencyKey`';
    throw Problem.invalid({ field: 'Idempotency-Key', message });
  }
  done();
}

function sendAnswers(request: FastifyRequest, reply: FastifyReply, answers: ItemAnswer[]): FastifyReply {
  // Callers and what stands between us know what to do with a 503, and need not look into it.
  if (answers.every(({ problem }) => problem === 'unavailable')) throw Problem.unavailable(NOTHING_DONE);
  const problems = answers.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) {
    reply.itemProblems = problems;
    const { url } = request.routeOptions;
    request.log.debug({ reqId: request.id, route: url, codes: countsOf(problems) }, 'items refused');
  }
  const items = answers.map(
    ({ status, replayed, body }) =>
      `{"status":${status},${replayed ? '"replayed":true,' : ''}"body":${body}}`,
  );
  // Written already, item by item: a schema with a choice in it would be checked for each of them once more.
  return reply.type('application/json; charset=utf-8').send(`{"items":[${items.join(',')}]}`);
}

const NOTHING_DONE = 'None of the items could be done in time. Nothing is lost: send the same request again.';

function countsOf(codes: readonly ErrorCode[]): Partial<Record<ErrorCode, number>> {
  const counts: Partial<Record<ErrorCode, number>> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
