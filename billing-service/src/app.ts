import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Tracer } from '../../common/src/tracing.js';
import { answerClientError, refuseExpectations } from './http/client-error.js';
import type { Route } from './http/define-route.js';
import { serveDocs } from './http/docs/serve-docs.js';
import { errorHandler, errorTeller } from './http/handle-error.js';
import { answerInTime, answerWithin } from './http/hooks/answer-in-time.js';
import { authenticate } from './http/hooks/authenticate.js';
import { idempotencyKey } from './http/hooks/idempotency-key.js';
import { acceptJsonBodies, emptyBodyForNone } from './http/hooks/json-body.js';
import { keepOutOfCaches } from './http/hooks/keep-out-of-caches.js';
import { refuseEmptyNames, refuseUnknownPaths } from './http/hooks/known-path.js';
import { logRequests } from './http/hooks/log-requests.js';
import { noteAuthor } from './http/hooks/note-author.js';
import { refuseHostless } from './http/hooks/one-host.js';
import { refuseEncodedBodies } from './http/hooks/plain-body.js';
import { type GuardLimits, type ServiceGuard, serviceGuard } from './http/hooks/service-guard.js';
import { traceRequests } from './http/hooks/trace-requests.js';
import { routeOfLines } from './http/imports/route-of-lines.js';
import { InternalCalls } from './http/internal-calls.js';
import { lazyCompilers } from './http/lazy-compilers.js';
import { madeAnew } from './http/made-anew.js';
import type { Metrics } from './http/metrics.js';
import { requestIdOf } from './http/request-id.js';
import { routes } from './http/routes.js';
import { closed } from './http/schemas/common.js';
import type { Services } from './http/services.js';
import { AJV } from './http/validation.js';
import { serveConsole } from './serve-console.js';

export interface AppOptions {
  services: Services;
  guard?: Partial<GuardLimits>;
  /** The proxies whose X-Forwarded-For is believed, as addresses or CIDRs; none where absent. */
  trustProxy?: string[];
  logger?: FastifyBaseLogger;
  metrics?: Metrics;
  tracer?: Tracer | undefined;
  /** Whether this instance is about to end: then every answer closes its connection. */
  isLeaving?: () => boolean;
  /** Every request is answered within this time, with a 503 where it cannot be otherwise. */
  answerWithinMs?: number;
  /** And its body is here within this time, but for an import's. */
  bodyWithinMs?: number;
  /** The calls; those of routes.ts where absent (the benchmark's contenders answer one call in their own way). */
  routes?: (services: Services) => Route[];
}

const BODY_LIMIT_BYTES = 16 * 1024;
const HEADERS_WITHIN_MS = 30_000;
/** A body that is sent at one byte a minute would stay open indefinitely. */
const BODY_WITHIN_MS = 30_000;
/** A reference of 128 characters can take 1,536 when percent-encoded. */
const MAX_PARAM_LENGTH = 8 * 1024;
const DEFAULT_GUARD: GuardLimits = { failedAuthenticationsPerMinute: 100, requestsPerKeyPerSecond: 100_000 };
/** Callers are promised 5 s; the rest is for the way there and back, and a busy machine. */
const ANSWER_WITHIN_MS = 4_000;
const NO_QUERY = closed({});

/** The whole HTTP side, ready for `listen` or `inject`. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const onShed = options.metrics?.shed;
  const tellError = errorTeller(onShed);
  const handleError = errorHandler(tellError);
  const app = Fastify({
    ...(options.logger ? { loggerInstance: options.logger } : {}),
    // Two log lines a request cost a third of the throughput; failures are logged where they happen.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: 0,
    // Without a host it is refused by us, with a problem.
    http: { requireHostHeader: false, headersTimeout: HEADERS_WITHIN_MS },
    ...(options.trustProxy?.length ? { trustProxy: options.trustProxy } : {}),
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // Fastify's 503 while closing is no problem+json; instead what still arrives is answered, and then closed.
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: requestIdOf,
    schemaController: { compilersFactory: lazyCompilers as never },
    ajv: AJV,
    frameworkErrors: handleError,
    clientErrorHandler: answerClientError,
  });
  // A logger made for every request cost 3 % of an empty route; the few lines that are written name the request.
  app.setChildLoggerFactory((logger) => logger);
  acceptJsonBodies(app);
  app.setErrorHandler(handleError);
  app.decorateRequest('caller', null as never);
  app.decorateRequest('idempotency', undefined);
  app.decorateRequest('author', undefined);
  app.decorateRequest('rehearsal', undefined);
  app.decorateReply('problemCode', '');
  app.decorateReply('itemProblems', null);
  app.decorate('tellError', tellError);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    if (options.isLeaving?.()) reply.header('connection', 'close');
    done();
  });
  const { answerWithinMs = ANSWER_WITHIN_MS, bodyWithinMs = BODY_WITHIN_MS } = options;
  answerInTime(app, { answerWithinMs, bodyWithinMs }, onShed);
  options.metrics?.observe(app);
  if (options.tracer) traceRequests(app, options.tracer);
  refuseHostless(app);
  refuseUnknownPaths(app);
  refuseExpectations(app);
  logRequests(app);
  await app.register(rateLimit, { global: false });
  const guard = serviceGuard(app, { ...DEFAULT_GUARD, ...options.guard });
  const table = (options.routes ?? routes)(options.services);
  const internal = new InternalCalls();
  for (const route of table) {
    const whole = guarded(route, options.services, guard, internal);
    if (route.config?.lines) await routeOfLines(app, whole);
    else app.route(whole);
  }
  // Who waits for events is answered, and closed as the others are.
  app.addHook('preClose', async () => options.services.news.close());
  serveDocs(app, table);
  await serveConsole(app, { services: options.services, guard, internal });
  return app;
}

/** A route with the hooks that its config asks for. Without `public` and without scopes it lets nobody in. */
function guarded(
  route: Route,
  { keyring, clock, users }: Services,
  guard: ServiceGuard,
  internal: InternalCalls,
): Route {
  const {
    public: isPublic,
    scopes,
    idempotency,
    audited,
    answerWithinMs,
    answersSecret,
    bodyOptional,
  } = route.config ?? {};
  const own = [route.preHandler ?? []].flat();
  return {
    ...route,
    handler: madeAnew(route.handler, { users }),
    schema: { querystring: NO_QUERY, ...route.schema },
    onRequest: [
      ...(answerWithinMs === undefined ? [] : [answerWithin(answerWithinMs)]),
      ...(answersSecret ? [keepOutOfCaches] : []),
      ...(route.url.includes(':') ? [refuseEmptyNames] : []),
      ...(isPublic ? [] : [authenticate(keyring, guard, scopes, internal)]),
      ...(route.method === 'GET' ? [] : [refuseEncodedBodies]),
    ],
    ...(bodyOptional ? { preValidation: emptyBodyForNone } : {}),
    preHandler: [
      ...own,
      ...(idempotency ? [idempotencyKey(idempotency)] : []),
      ...(audited ? [noteAuthor(route.schema?.operationId ?? route.url, audited, clock)] : []),
    ],
  };
}
