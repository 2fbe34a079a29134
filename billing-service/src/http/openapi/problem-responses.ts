import { MAX_TOKENS } from '../../domain/catalogue/catalogue.js';
import type { Route } from '../define-route.js';
import { ERROR_CODES, ERRORS, type ErrorCode } from '../errors.js';
import { MAX_SHOWN } from '../problem.js';
import type { Components, JsonSchema } from './schema-of.js';

const text = (maxLength: number, description: string): JsonSchema => ({
  type: 'string',
  maxLength,
  description,
});
const count = (description: string): JsonSchema => ({
  type: 'integer',
  minimum: -Number.MAX_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
  description,
});

/** The form of every refusal. */
export const problemSchema = (limitDecision: JsonSchema): JsonSchema => ({
  title: 'Problem',
  type: 'object',
  description: 'RFC 9457. `code` is stable; docs/errors.md has a line for each.',
  additionalProperties: false,
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: text(128, '`urn:farebox:error:` and the code.'),
    title: text(128, 'The code in words.'),
    status: { type: 'integer', minimum: 400, maximum: 599, description: 'The HTTP status.' },
    detail: text(MAX_SHOWN, 'What was wrong with this request.'),
    code: { type: 'string', enum: ERROR_CODES, description: 'What to branch on.' },
    requestId: text(128, 'The same as the header x-request-id, and what the log calls it.'),
    errors: {
      type: 'array',
      maxItems: 20,
      description: 'With `invalid-request`.',
      items: {
        title: 'FieldError',
        type: 'object',
        description: 'What is wrong with one field.',
        additionalProperties: false,
        required: ['field', 'message'],
        properties: {
          field: text(MAX_SHOWN, 'As the caller wrote it: `amount`, `metadata.foo`, `Idempotency-Key`.'),
          message: text(512, 'What it should have been.'),
        },
      },
    },
    cost: count('With `insufficient-tokens`: what it would have taken.'),
    available: count('With `insufficient-tokens`: what there is.'),
    deficit: count('With `insufficient-tokens`: cost − available.'),
    reason: text(500, 'With `user-blocked`: as the operator gave it.'),
    byUser: {
      type: 'boolean',
      description: 'With `code-used`: this user had it; false: others had all of it.',
    },
    max: count('With `too-many-references` and `catalogue-full`: how many there may be.'),
    limit: limitDecision,
  },
});

/** The codes that a route may answer: its own, and those that follow from what it takes. */
export function codesOf({ config = {}, schema = {} }: Route): ErrorCode[] {
  const { public: isPublic, idempotency, refusals = [] } = config;
  const codes = new Set<ErrorCode>(refusals);
  const add = (...more: ErrorCode[]) => {
    for (const code of more) codes.add(code);
  };
  add('invalid-request', 'internal-error');
  if (!isPublic) add('unauthorized', 'insufficient-scope', 'too-many-requests', 'unavailable');
  if (schema.body) add('unsupported-media-type', 'payload-too-large');
  if (config.lines) add('unsupported-media-type');
  if (idempotency) add('idempotency-key-reused');
  if (idempotency === 'required') add('idempotency-key-required');
  return ERROR_CODES.filter((code) => codes.has(code));
}

/** The problem responses of one route by status, as `$ref`s to components that `responses` collects. */
export function problemResponses(
  route: Route,
  components: Components,
  responses: Record<string, JsonSchema>,
  limitDecision: JsonSchema,
): Record<string, JsonSchema> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codesOf(route)) {
    const status = route.config?.statuses?.[code] ?? ERRORS[code].status;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const schema = components.schemaOf(problemSchema(limitDecision));
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => {
      const name = `${codes.map(pascal).join('Or')}${status === ERRORS[codes[0] as ErrorCode].status ? '' : status}`;
      responses[name] ??= response(status, codes, schema);
      return [String(status), { $ref: `#/components/responses/${name}` }];
    }),
  );
}

function response(status: number, codes: ErrorCode[], schema: JsonSchema): JsonSchema {
  const first = codes[0] as ErrorCode;
  const example = {
    type: `urn:farebox:error:${first}`,
    title: ERRORS[first].title,
    status,
    detail: ERRORS[first].title,
    code: first,
    requestId: 's9xQPHwv-3',
    ...(first === 'invalid-request'
      ? { errors: [{ field: 'amount', message: `must be a whole number from 0 to ${MAX_TOKENS}` }] }
      : {}),
    ...(first === 'insufficient-tokens' ? { cost: 10, available: 5, deficit: 5 } : {}),
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(' '),
    headers: {
      'x-request-id': { $ref: '#/components/headers/RequestId' },
      ...(status === 429 || status === 503
        ? { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }
        : {}),
      ...(status === 401 ? { 'WWW-Authenticate': { $ref: '#/components/headers/Challenge' } } : {}),
    },
    content: { 'application/problem+json': { schema, example } },
  };
}

const pascal = (code: string): string =>
  code
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
