/** Guards the service itself; the users' rate limits are the domain's. In memory: no Redis trip on the hot path. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../problem.js';

export interface GuardLimits {
  /** Failed authentications a minute from one address. */
  failedAuthenticationsPerMinute: number;
  /** Requests a second under one key: only against a caller gone wild, as a key may rightly send 50,000. */
  requestsPerKeyPerSecond: number;
}

export interface ServiceGuard {
  failedAuthentication(request: FastifyRequest): Promise<Problem | undefined>;
  perKey(request: FastifyRequest): Promise<Problem | undefined>;
}

/** Needs @fastify/rate-limit registered with `global: false`. */
export function serviceGuard(app: FastifyInstance, limits: GuardLimits): ServiceGuard {
  const failures = app.createRateLimit({
    max: limits.failedAuthenticationsPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => `ip ${request.ip}`,
  });
  const ceiling = app.createRateLimit({
    max: limits.requestsPerKeyPerSecond,
    timeWindow: 1_000,
    keyGenerator: (request) => `key ${request.caller.apiKeyId}`,
  });
  const check = async (limit: typeof failures, request: FastifyRequest, detail: string) => {
    const state = await limit(request);
    if (state.isAllowed || !state.isExceeded) return undefined;
    return new Problem('too-many-requests', detail, {}, { 'retry-after': String(state.ttlInSeconds || 1) });
  };
  return {
    failedAuthentication: (request) =>
      check(failures, request, 'Too many requests with a wrong key from this address.'),
    perKey: (request) => check(ceiling, request, 'This API key sends more than the service takes from one.'),
  };
}
