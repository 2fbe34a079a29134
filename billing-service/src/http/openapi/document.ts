/**
 * openapi.yaml from the route table. Our own conversion: that of @fastify/swagger writes OpenAPI 3.0's `nullable`
 * into 3.1 and loses `examples`; the schemas are JSON Schema already, so there is little to convert.
 */
import type { Route } from '../define-route.js';
import { limitDecision } from '../schemas/limits.js';
import { VERSION } from '../version.js';
import { HEADER_PARAMETERS, operationOf } from './operation-of.js';
import { Components, type JsonSchema } from './schema-of.js';
import { webhooksOf } from './webhooks.js';

export type OpenApiDocument = JsonSchema & { paths: Record<string, Record<string, JsonSchema>> };

const TAGS: Record<string, string> = {
  Limits: 'May the user act now?',
  Tokens: 'Reserve before the work, then commit what it cost or give it back.',
  Users: 'Who is metered: balance, ledger, tier, references.',
  Catalogue: 'Tiers, operations and packs: what is sold and what it costs.',
  Payments: 'What was paid, and taking it back.',
  'Promo codes': 'Codes that are worth tokens.',
  'API keys': 'Who may call.',
  Events: 'What happened, to be read in order.',
  Webhooks: 'The same, pushed to endpoints.',
  Operations: 'For those who run the service.',
  'Test clock': 'Only with TEST_CLOCK=true.',
  Health: 'For probes; no key needed.',
};

const header = (description: string, schema: JsonSchema) => ({ description, schema });
const text = (maxLength: number, example: string): JsonSchema => ({
  type: 'string',
  maxLength,
  pattern: '^[ -~]*$',
  examples: [example],
});

const HEADERS = {
  RequestId: header(
    'The request’s name in the log; a sane one of the caller is kept.',
    text(128, 's9xQPHwv-3'),
  ),
  RetryAfter: header('Whole seconds to wait.', {
    type: 'integer',
    format: 'int64',
    minimum: 0,
    maximum: 31_536_000,
    examples: [1],
  }),
  Challenge: header('How to authenticate.', text(128, 'Bearer realm="farebox"')),
  IdempotencyReplayed: header('`true` where an earlier call’s answer was given again.', text(8, 'true')),
  ETag: header('The document’s version.', text(128, '"1f0c"')),
  RateLimit: header('The user’s remaining quota, by policy (IETF draft-11).', text(4096, '"all";r=9;t=60')),
  RateLimitPolicy: header('The user’s rate limits (IETF draft-11).', text(4096, '"all";q=10;w=60')),
};

export function openApiDocument(routes: Route[]): OpenApiDocument {
  const components = new Components();
  const responses: Record<string, JsonSchema> = {};
  const limit = limitDecision as unknown as JsonSchema;
  const paths: OpenApiDocument['paths'] = {};
  for (const route of routes) {
    const path = route.url.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][String(route.method).toLowerCase()] = operationOf(route, components, responses, limit);
  }
  const used = new Set(routes.flatMap((route) => route.schema?.tags ?? []));
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [
      { url: '/', description: 'Wherever this is served from: local or production.', 'x-internal': false },
    ],
    tags: Object.entries(TAGS)
      .filter(([name]) => used.has(name))
      .map(([name, description]) => ({ name, description })),
    security: [{ apiKey: [] }],
    paths,
    ...(used.has('Webhooks') ? { webhooks: webhooksOf(components) } : {}),
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer fbx_…`.' },
      },
      parameters: HEADER_PARAMETERS,
      headers: HEADERS,
      responses,
      schemas: components.schemas,
    },
  };
}

/** The package's: the two are released together. */
const INFO = {
  title: 'Farebox',
  version: VERSION,
  description: [
    'Billing and rate limits for AI bots: may the user act now, and can they pay for it?',
    'JSON in camelCase, times in ISO-8601 UTC. Unknown properties, wrong types and numbers out of range are refused, never dropped or coerced. Errors are RFC 9457 problems with a stable `code`; besides those listed at a call, `not-found` (404), `request-timeout` (408), `expectation-failed` (417) and `headers-too-large` (431) can come from any path.',
    'Press Authorize, paste an API key, and try any call: the examples work as they stand, for the user `demo:you`.',
  ].join('\n\n'),
  license: { name: 'MIT', identifier: 'MIT' },
};
