import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '../../domain/api-key.js';
import type { ApiKeyring, Caller } from '../../domain/api-keyring.js';
import type { RouteConfig } from '../define-route.js';
import { Problem, sendProblem } from '../problem.js';
import type { ServiceGuard } from './service-guard.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set wherever the route is not public. */
    caller: Caller;
  }
}

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;
const CHALLENGE = { 'www-authenticate': 'Bearer realm="farebox"' };

/** The onRequest hook of one route: 401, 403, or `request.caller`. A route that declares no scopes lets nobody in. */
export function authenticate(keyring: ApiKeyring, guard: ServiceGuard, scopes: RouteConfig['scopes']) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const key = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (key === undefined) {
      return sendProblem(request, reply, unauthorized('Send an API key: Authorization: Bearer <key>.'));
    }
    const caller = await keyring.identify(key);
    if (!caller) {
      // Counted only here: a valid key passes from an address that others abuse, and no key at all guesses nothing.
      const excess = await guard.failedAuthentication(request);
      return sendProblem(request, reply, excess ?? unauthorized(NOT_VALID));
    }
    request.caller = caller;
    const excess = await guard.perKey(request);
    if (excess) return sendProblem(request, reply, excess);
    if (!allows(scopes, caller.scopes)) {
      return sendProblem(request, reply, new Problem('insufficient-scope', wanted(scopes)));
    }
    return undefined;
  };
}

function allows(scopes: RouteConfig['scopes'], held: ReadonlySet<Scope>): boolean {
  if (scopes === undefined) return false;
  return scopes === 'any' || held.has('admin') || scopes.some((scope) => held.has(scope));
}

const NOT_VALID = 'This API key is unknown, mistyped, revoked or expired.';
const unauthorized = (detail: string) => new Problem('unauthorized', detail, {}, CHALLENGE);

const wanted = (scopes: RouteConfig['scopes']): string =>
  Array.isArray(scopes)
    ? `This call needs a key with the scope ${[...scopes, 'admin'].filter((s, i, all) => all.indexOf(s) === i).join(' or ')}.`
    : 'No key may make this call.';
