import type { FastifyInstance } from 'fastify';
import { contextOf, isTraced, type Tracer } from '../../../../common/src/tracing.js';

/**
 * A span for each request that is traced: because its caller says so, or by the share of those that nobody else began.
 * The work that waits for it finds it in its patience. Comes behind answer-in-time.ts, which makes that.
 */
export function traceRequests(app: FastifyInstance, tracer: Tracer): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { method, routeOptions, headers } = request;
    // Never the path: it names users.
    const route = routeOptions.url ?? 'none';
    const span = tracer.start(`${method} ${route}`, {
      kind: 'server',
      parent: contextOf(headers.traceparent),
      attributes: { 'http.request.method': method, 'http.route': route, 'farebox.request_id': request.id },
    });
    if (isTraced(span.context)) {
      request.patience.trace = span.context;
      // Unlike onResponse also where the caller hung up.
      reply.raw.once('close', () => {
        const { statusCode } = reply;
        span.end({
          attributes: { 'http.response.status_code': statusCode },
          failed: statusCode >= 500 || !reply.raw.writableFinished,
        });
      });
    }
    done();
  });
}
