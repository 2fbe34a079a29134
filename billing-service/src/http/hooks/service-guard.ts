/** Guards the service itself; the users' rate limits are the domain's. In memory: no Redis trip on the hot path. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Problem } from '../problem.js';
import { RequestCeiling } from './request-ceiling.js';

export interface GuardLimits {
  /** Failed authentications a minute from one address. */
  failedAuthenticationsPerMinute: number;
  /** Requests a second under one key: only against a caller that has run wild, as a key may rightly send 50,000. */
  requestsPerKeyPerSecond: number;
}

export interface ServiceGuard {
  failedAuthentication(request: FastifyRequest): Promise<Problem | undefined>;
  /** Whether this address has sent more wrong keys than it may, and its minute is not over. */
  isPastLimit(request: FastifyRequest): boolean;
  /** Every request comes here, so it answers at once (see `authenticate`). */
  perKey(apiKeyId: string): Problem | undefined;
}

/** As many as @fastify/rate-limit counts for. */
const MAX_ADDRESSES = 5_000;

/** Needs @fastify/rate-limit registered with `global: false`. */
export function serviceGuard(app: FastifyInstance, limits: GuardLimits): ServiceGuard {
  const failures = app.createRateLimit({
    max: limits.failedAuthenticationsPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => `ip ${request.ip}`,
  });
  const pastUntilMs = new LRUCache<string, number>({ max: MAX_ADDRESSES });
  const ceiling = new RequestCeiling(limits.requestsPerKeyPerSecond);
  return {
    failedAuthentication: async (request) => {
      const state = await failures(request);
      if (state.isAllowed || !state.isExceeded) return undefined;
      pastUntilMs.set(request.ip, performance.now() + state.ttl);
      return tooMany('Too many requests with a wrong key from this address.', state.ttlInSeconds || 1);
    },
    isPastLimit: ({ ip }) => (pastUntilMs.get(ip) ?? 0) > performance.now(),
    perKey: (apiKeyId) => {
      const waitSeconds = ceiling.excess(apiKeyId);
      if (waitSeconds === 0) return undefined;
      return tooMany('This API key sends more than the service takes from one.', waitSeconds);
    },
  };
}

const tooMany = (detail: string, waitSeconds: number) =>
  new Problem('too-many-requests', detail, {}, { 'retry-after': String(waitSeconds) });
