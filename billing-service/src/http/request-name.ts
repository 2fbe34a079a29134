import type { FastifyRequest } from 'fastify';
import { contextOf } from '../../../common/src/tracing.js';

/** What a request is called in the log: its own id, its caller's trace where there is one, and never the path. */
export function requestName({ id: reqId, method, routeOptions, headers }: FastifyRequest) {
  const traceId = contextOf(headers.traceparent)?.traceId;
  return { reqId, ...(traceId ? { traceId } : {}), method, route: routeOptions.url };
}
