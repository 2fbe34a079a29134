import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '../../domain/keys/api-key.js';
import type { ApiKeyring, Caller } from '../../domain/keys/api-keyring.js';
import type { Rehearsal } from '../../domain/ports/ledger.js';
import type { RouteConfig } from '../define-route.js';
import type { InternalCalls } from '../internal-calls.js';
import { Problem, sendProblem, unauthorized } from '../problem.js';
import type { ServiceGuard } from './service-guard.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set wherever the route is not public. */
    caller: Caller;
    /** Set where a part of this process asks what the call would do. */
    rehearsal: Rehearsal | undefined;
  }
}

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;
/** How nearly every caller writes it; BEARER is asked only where no known key follows. */
const USUAL = 'Bearer ';

type Done = (error?: Error) => void;

/**
 * The onRequest hook of one route: 401, 403, or `request.caller`. A route that declares no scopes lets nobody in.
 * A known key passes without waiting: with promises, this and the ceiling took a fifth of an empty route's time.
 */
export function authenticate(
  keyring: ApiKeyring,
  guard: ServiceGuard,
  scopes: RouteConfig['scopes'],
  internal?: InternalCalls,
) {
  const admit = (request: FastifyRequest, reply: FastifyReply, caller: Caller, done: Done): void => {
    request.caller = caller;
    const excess = guard.perKey(caller.apiKeyId);
    if (excess) sendProblem(request, reply, excess);
    else if (allows(scopes, caller.scopes)) done();
    else sendProblem(request, reply, new Problem('insufficient-scope', wanted(scopes)));
  };

  const identify = async (request: FastifyRequest, reply: FastifyReply, key: string) => {
    const isSuspect = guard.isPastLimit(request);
    const caller = await (isSuspect ? keyring.identifySuspect(key) : keyring.identify(key));
    if (caller) return caller;
    // Only wrong keys count: a valid key still passes from an address that others abuse, and a request without a key
    // guesses nothing.
    const excess = await guard.failedAuthentication(request);
    sendProblem(request, reply, excess ?? unauthorized(NOT_VALID));
    return null;
  };

  return (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    const header = request.headers.authorization ?? '';
    const known = header.startsWith(USUAL) ? keyring.known(header.slice(USUAL.length)) : undefined;
    if (known) {
      admit(request, reply, known, done);
      return;
    }
    const key = BEARER.exec(header)?.[1];
    if (key !== undefined) {
      identify(request, reply, key).then((caller) => caller && admit(request, reply, caller, done), done);
      return;
    }
    const insider = internal?.take(header);
    if (insider) {
      request.rehearsal = insider.rehearsal;
      if (insider.rehearsal && !request.routeOptions.config.rehearsable) done(new Error(NOT_REHEARSABLE));
      else admit(request, reply, insider.caller, done);
      return;
    }
    sendProblem(request, reply, unauthorized('Send an API key: Authorization: Bearer <key>.'));
  };
}

function allows(scopes: RouteConfig['scopes'], held: ReadonlySet<Scope>): boolean {
  if (scopes === undefined) return false;
  return scopes === 'any' || held.has('admin') || scopes.some((scope) => held.has(scope));
}

const NOT_REHEARSABLE = 'this call would be made, not rehearsed';
const NOT_VALID = 'This API key is unknown, mistyped, revoked or expired.';

const wanted = (scopes: RouteConfig['scopes']): string =>
  Array.isArray(scopes)
    ? `This call needs a key with the scope ${[...scopes, 'admin'].filter((s, i, all) => all.indexOf(s) === i).join(' or ')}.`
    : 'No key may make this call.';
