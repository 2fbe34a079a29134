/** Puts the console behind its paths. The console itself is read when first asked for: most instances never are. */
import type { FastifyInstance, FastifyReply, FastifyRequest, InjectOptions } from 'fastify';
import type { ApiAnswer, ApiCall, ConsoleRequest } from './console/exchange.js';
import type { Caller } from './domain/keys/api-keyring.js';
import type { ServiceGuard } from './http/hooks/service-guard.js';
import type { InternalCalls } from './http/internal-calls.js';
import { Problem } from './http/problem.js';
import type { Services } from './http/services.js';

interface Deps {
  services: Services;
  guard: ServiceGuard;
  internal: InternalCalls;
}

type Console = (request: ConsoleRequest) => Promise<{
  status: number;
  headers: Record<string, string | string[]>;
  body: string | Buffer;
}>;

const FORM = 'application/x-www-form-urlencoded';

export async function serveConsole(app: FastifyInstance, deps: Deps): Promise<void> {
  let opened: Promise<Console> | undefined;
  const open = async (): Promise<Console> => {
    const { openConsole } = await import('./console/open-console.js');
    const { services } = deps;
    return openConsole({
      sessions: services.consoleSessions,
      now: () => services.clock.now(),
      call: (caller, call) => callApi(app, deps.internal, caller, call),
    });
  };
  const serve = async (request: FastifyRequest, reply: FastifyReply) => {
    // Its files could not be read: the next request tries again.
    opened ??= open().catch((error) => {
      opened = undefined;
      throw error;
    });
    const { status, headers, body } = await (await opened)(consoleRequest(request, deps.guard));
    return reply.code(status).headers(headers).send(body);
  };
  // Of its own, so that forms are understood here and nowhere else.
  await app.register(async (scope) => {
    scope.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    for (const url of ['/console', '/console/*']) {
      scope.get(url, serve);
      scope.post(url, serve);
    }
  });
}

function consoleRequest(request: FastifyRequest, guard: ServiceGuard): ConsoleRequest {
  const { pathname, searchParams } = new URL(request.url, 'http://console');
  const isForm = (request.headers['content-type'] ?? '').startsWith(FORM);
  return {
    method: request.method === 'POST' ? 'POST' : 'GET',
    path: pathname.split('/').slice(2).filter(Boolean).map(decoded),
    query: Object.fromEntries(searchParams),
    form: isForm ? (request.body as Record<string, string>) : {},
    cookies: cookiesOf(request.headers.cookie ?? ''),
    header: (name) => request.headers[name]?.toString(),
    isSecure: request.protocol === 'https',
    isOver: () => request.patience.isOver(),
    isSuspect: guard.isPastLimit(request),
    signInFailed: async () => {
      const excess = await guard.failedAuthentication(request);
      return excess && Number(excess.headers['retry-after']);
    },
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Problem('not-found', 'There is no such page.');
  }
}

const cookiesOf = (header: string): Record<string, string> =>
  Object.fromEntries(
    header.split(';').map((pair) => {
      const [name = '', ...value] = pair.trim().split('=');
      return [name, value.join('=')];
    }),
  );

/** Through the app like anybody's call, so that nothing is written that the API would not have written. */
async function callApi(
  app: FastifyInstance,
  internal: InternalCalls,
  caller: Caller,
  { method, path, body, headers = {}, rehearsal }: ApiCall,
): Promise<ApiAnswer> {
  const authorization = internal.ticketFor({ caller, rehearsal });
  try {
    const answer = await app.inject({
      ...{ method, url: path },
      headers: { ...headers, authorization, 'x-farebox-via': 'console' },
      ...(body === undefined ? {} : { payload: body as NonNullable<InjectOptions['payload']> }),
    });
    return {
      status: answer.statusCode,
      headers: answer.headers as ApiAnswer['headers'],
      body: answer.body === '' ? undefined : answer.json(),
    };
  } finally {
    internal.drop(authorization);
  }
}
