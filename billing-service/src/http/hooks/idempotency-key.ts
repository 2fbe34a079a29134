import crypto from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IdempotencyKey } from '../../domain/ports/ledger.js';
import type { RouteConfig } from '../define-route.js';
import { Problem, sendProblem } from '../problem.js';
import { IDEMPOTENCY_KEY } from '../schemas/text-rules.js';
import { timesSent } from '../times-sent.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined where the caller sent no Idempotency-Key, or the route takes none. */
    idempotency: IdempotencyKey | undefined;
  }
}

const MAX_LENGTH = 255;
const ALLOWED = new RegExp(IDEMPOTENCY_KEY.pattern);

/** The preHandler of one route: after validation, as the order of checks asks. */
export function idempotencyKey(mode: NonNullable<RouteConfig['idempotency']>) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const header = request.headers['idempotency-key'];
    if (header === undefined) {
      if (mode === 'optional') {
        done();
        return;
      }
      const detail = 'Send an Idempotency-Key header, so that a retry cannot act twice.';
      sendProblem(request, reply, new Problem('idempotency-key-required', detail));
      return;
    }
    const fault = faultOf(request, String(header));
    if (fault) {
      sendProblem(request, reply, Problem.invalid({ field: 'Idempotency-Key', message: fault }));
      return;
    }
    request.idempotency = keyFor(request, String(header), payloadOf(request));
    done();
  };
}

/** What is kept of a key: hashes of it and of what it stands for. */
export const keyFor = (request: FastifyRequest, key: string, payload: string): IdempotencyKey => ({
  keyHash: shortHash(`${request.caller.idempotencyScope}\0${key}`),
  payloadHash: shortHash(payload),
});

function faultOf(request: FastifyRequest, key: string): string | undefined {
  if (key.length > MAX_LENGTH || !ALLOWED.test(key)) return IDEMPOTENCY_KEY['x-words'];
  // Node joins two of them with a comma, which would make a third key.
  return key.includes(', ') && timesSent(request.raw, 'idempotency-key') > 1
    ? 'must be sent once'
    : undefined;
}

function payloadOf(request: FastifyRequest): string {
  const { url, config } = request.routeOptions;
  const said = request.body ?? null;
  const body = config.withoutImplied ? config.withoutImplied(said as never) : said;
  return payloadText(`${request.method} ${url}`, request.params, body);
}

export const payloadText = (route: string, params: unknown, body: unknown): string =>
  `${route}\0${canonicalJson(params)}\0${canonicalJson(body)}`;

/** JSON with sorted members, so that the order of members makes no difference. By hand: a replacer costs more. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = value as Record<string, unknown>;
  let text = '';
  for (const name of Object.keys(members).sort()) {
    text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${canonicalJson(members[name])}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

// crypto.hash came with Node 20.12 and takes a third of the time; older versions take this way.
const sha256Hex: (text: string) => string =
  typeof crypto.hash === 'function'
    ? (text) => crypto.hash('sha256', text, 'hex')
    : (text) => crypto.createHash('sha256').update(text).digest('hex');

/** 16 bytes of SHA-256 in a uuid's form, which the database keeps in as many bytes. */
function shortHash(text: string): string {
  const hex = sha256Hex(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
