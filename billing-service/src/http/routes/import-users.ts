import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  importUsers as bringUsers,
  type ImportSummary,
  type LineProblem,
  type ReadLine,
} from '../../domain/moving/import-users.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { answerHasBegun } from '../hooks/answer-in-time.js';
import { authorOf } from '../hooks/note-author.js';
import { flowingBody } from '../imports/flowing-body.js';
import { type Line, linesOf } from '../imports/read-lines.js';
import { readUserLine } from '../imports/read-user-line.js';
import { Places } from '../places.js';
import { Problem } from '../problem.js';
import { importAnswer, importLine, importQuery } from '../schemas/imports.js';
import { streamAnswer } from '../stream-answer.js';

/** Each has one connection of the twelve at most: the calls go on meanwhile. */
const AT_ONCE = 2;
const PATIENCE_MS = 2_000;
/** Of one transaction: new names are held until it ends, so it shall be short. */
const LINES_A_PAGE = 100;
const LONGEST_MS = 6 * 60 * 60_000;

/** POST /import/users */
export const importUsers: RouteFactory = (services) => {
  const places = new Places(AT_ONCE, PATIENCE_MS);
  return defineRoute({
    method: 'POST',
    url: '/import/users',
    config: {
      scopes: ['admin'],
      audited: 'always',
      lines: { 'application/x-ndjson': importLine },
    },
    schema: {
      operationId: 'importUsers',
      tags: ['Operations'],
      summary: 'Import users',
      description:
        'A JSON object a line, of any number, taken as they come; a user of `GET /export/users` is one. Good lines go in and are as they were promised: the period ends when it would have ended. A user who is known never changes, so the same lines again change nothing. Answers with a line for each problem, and the summary last.',
      querystring: importQuery,
      response: {
        200: {
          description: 'A line each.',
          content: { 'application/x-ndjson': { schema: importAnswer } },
        },
      },
    },
    handler: async (request, reply) => {
      const { dryRun = 'false' } = request.query;
      const lines = linesOf(flowingBody(bodyOf(request), { longestMs: LONGEST_MS }));
      const release = await places.take();
      answerHasBegun(request);
      const options = { dryRun: dryRun !== 'false', author: authorOf(request) };
      const texts = textOf(bringUsers(services, pagesOf(lines), options));
      reply.type('application/x-ndjson');
      return begun(request, reply, texts, release);
    },
  });
};

function bodyOf({ body }: FastifyRequest): Readable {
  if (body) return body as Readable;
  throw Problem.invalid({ field: 'body', message: 'must have a JSON object a line' });
}

/** Where it fails at once, the rest of the body is not waited for. */
async function begun(
  request: FastifyRequest,
  reply: FastifyReply,
  texts: AsyncGenerator<string, void>,
  release: () => void,
): Promise<FastifyReply> {
  try {
    return await streamAnswer(request, reply, texts, release, { longestMs: LONGEST_MS });
  } catch (error) {
    if (request.raw.complete === false) reply.header('connection', 'close');
    throw error;
  }
}

async function* pagesOf(lines: AsyncIterable<Line[]>): AsyncGenerator<ReadLine[], void> {
  let page: ReadLine[] = [];
  for await (const some of lines) {
    for (const line of some) {
      page.push(readUserLine(line));
      if (page.length < LINES_A_PAGE) continue;
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

async function* textOf(problems: AsyncGenerator<LineProblem[], ImportSummary>): AsyncGenerator<string, void> {
  try {
    for (let next = await problems.next(); ; next = await problems.next()) {
      if (next.done) {
        yield `${JSON.stringify(next.value)}\n`;
        return;
      }
      yield next.value.map(lineText).join('');
    }
  } finally {
    await problems.return(undefined as never);
  }
}

const lineText = ({ line, field, message }: LineProblem): string =>
  `${JSON.stringify({ line, ...(field === null ? {} : { field }), message })}\n`;
