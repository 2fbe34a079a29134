import type { Route, RouteLink } from '../define-route.js';
import { EXAMPLE_IDEMPOTENCY_KEY } from '../schemas/examples.js';
import { IDEMPOTENCY_KEY } from '../schemas/text-rules.js';
import { problemResponses } from './problem-responses.js';
import { type Components, exampleOf, isType, type JsonSchema } from './schema-of.js';

/** Percent-encoded UTF-8 without control characters, up to three bytes a character: what a generator may well send. */
const HEX = '[0-9A-Fa-f]';
const FOLLOWS = `%[89ABab]${HEX}`;
const ENCODED = [
  '[!-$&-~]',
  `%[2-6]${HEX}`,
  `%[Cc][3-9A-Fa-f]${FOLLOWS}`,
  `%[Dd]${HEX}${FOLLOWS}`,
  `%[Ee][1-9A-Ca-c]${FOLLOWS}${FOLLOWS}`,
].join('|');

const HEADERS = { 'x-request-id': { $ref: '#/components/headers/RequestId' } };

/** One route as an OpenAPI operation. */
export function operationOf(
  route: Route,
  components: Components,
  responses: Record<string, JsonSchema>,
  limitDecision: JsonSchema,
): JsonSchema {
  const { operationId, tags, summary, description, body } = route.schema ?? {};
  const { public: isPublic, scopes, bodyOptional, lines } = route.config ?? {};
  return {
    operationId,
    tags,
    summary,
    description: isPublic ? description : `${description}\n\nScope: ${scopeWords(scopes)}.`,
    ...(isPublic ? { security: [] } : {}),
    ...parametersOf(route, components),
    ...(body ? { requestBody: requestBody(body as JsonSchema, components, !bodyOptional) } : {}),
    ...(lines
      ? {
          requestBody: {
            required: true,
            content: contentOf(lines as Record<string, JsonSchema>, components, false),
          },
        }
      : {}),
    responses: {
      ...successes(route, components),
      ...problemResponses(route, components, responses, limitDecision),
    },
  };
}

const scopeWords = (scopes: string[] | 'any' | undefined): string =>
  Array.isArray(scopes) ? scopes.map((scope) => `\`${scope}\``).join(' or ') : 'any key';

function requestBody(body: JsonSchema, components: Components, required: boolean): JsonSchema {
  const content = {
    'application/json': { schema: components.schemaOf(body), example: exampleOf(body, false) },
  };
  return { required, content };
}

function parametersOf({ schema = {}, config = {} }: Route, components: Components) {
  const parameters = [
    ...members(schema.params, 'path', components),
    ...members(schema.querystring, 'query', components),
    ...members(schema.headers, 'header', components),
  ];
  if (config.idempotency) {
    const required = config.idempotency === 'required';
    parameters.push({ $ref: `#/components/parameters/IdempotencyKey${required ? 'Required' : ''}` });
  }
  if (config.audited) {
    parameters.push(...['Via', 'Reason'].map((name) => ({ $ref: `#/components/parameters/${name}` })));
  }
  return parameters.length > 0 ? { parameters } : {};
}

function members(schema: unknown, place: 'path' | 'query' | 'header', components: Components): JsonSchema[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schema as { properties?: object; required?: string[] };
  return Object.entries(properties as Record<string, JsonSchema>).map(([name, member]) => {
    const { description, examples, ...rest } = member;
    // An example is filled in by "Try it out", so only what must be there gets one.
    const isRequired = required.includes(name) && rest.default === undefined;
    return {
      name: place === 'header' ? canonical(name) : name,
      in: place,
      required: isRequired,
      ...(description ? { description } : {}),
      schema: withoutDescription(components.schemaOf({ ...rest, description })),
      ...(isRequired ? { example: exampleOf(member, false) } : {}),
    };
  });
}

const withoutDescription = ({ description: _, ...schema }: JsonSchema): JsonSchema => schema;

const canonical = (header: string): string =>
  header.replace(/(^|-)([a-z])/g, (_all, dash: string, letter: string) => dash + letter.toUpperCase());

function successes(route: Route, components: Components): Record<string, JsonSchema> {
  const given = (route.schema?.response ?? {}) as Record<string, JsonSchema>;
  return Object.fromEntries(
    Object.entries(given).map(([status, schema]) => {
      const empty = isType(schema, 'null') && !isType(schema, 'object');
      return [
        status,
        {
          description: (schema.description as string | undefined) ?? 'Done.',
          headers: { ...HEADERS, ...ownHeaders(route, schema) },
          ...(empty ? {} : { content: contentOf(typesOf(schema), components, true) }),
          ...(route.config?.links ? { links: linksOf(route.config.links) } : {}),
        },
      ];
    }),
  );
}

/** One JSON document, unless the schema says by type what else there may be. */
function typesOf(schema: JsonSchema): Record<string, JsonSchema> {
  const types = (schema.content ?? { 'application/json': { schema } }) as Record<
    string,
    { schema: JsonSchema }
  >;
  return Object.fromEntries(Object.entries(types).map(([type, { schema: one }]) => [type, one]));
}

const contentOf = (
  types: Record<string, JsonSchema>,
  components: Components,
  isAnswer: boolean,
): JsonSchema =>
  Object.fromEntries(
    Object.entries(types).map(([type, schema]) => [
      type,
      { schema: components.schemaOf(schema), example: exampleOf(schema, isAnswer) },
    ]),
  );

function linksOf(links: Record<string, RouteLink>): JsonSchema {
  return Object.fromEntries(
    Object.entries(links).map(([operationId, link]) => [operationId, { operationId, ...link }]),
  );
}

function ownHeaders({ config = {}, schema = {} }: Route, answer: JsonSchema): JsonSchema {
  const ref = (name: string) => ({ $ref: `#/components/headers/${name}` });
  const { properties = {} } = answer as { properties?: Record<string, JsonSchema> };
  const limited = answer.title === 'LimitDecision' || properties.limit?.title === 'LimitDecision';
  return {
    ...(config.idempotency ? { 'Idempotency-Replayed': ref('IdempotencyReplayed') } : {}),
    ...(schema.headers ? { ETag: ref('ETag') } : {}),
    ...(limited ? { RateLimit: ref('RateLimit'), 'RateLimit-Policy': ref('RateLimitPolicy') } : {}),
  };
}

export const HEADER_PARAMETERS = {
  Via: viaParameter(),
  Reason: reasonParameter(),
  IdempotencyKey: idempotencyParameter(false),
  IdempotencyKeyRequired: idempotencyParameter(true),
};

function idempotencyParameter(required: boolean): JsonSchema {
  return {
    name: 'Idempotency-Key',
    in: 'header',
    required,
    description:
      'Makes a retry safe: the same key with the same request gets the first answer again, and nothing happens twice. Kept for 30 days.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: IDEMPOTENCY_KEY.pattern },
    ...(required ? { example: EXAMPLE_IDEMPOTENCY_KEY } : {}),
  };
}

function viaParameter(): JsonSchema {
  return {
    name: 'X-Farebox-Via',
    in: 'header',
    required: false,
    description: 'What the caller is, for the audit log; anything else is `api`.',
    schema: { type: 'string', enum: ['api', 'console', 'cli'] },
  };
}

function reasonParameter(): JsonSchema {
  return {
    name: 'X-Farebox-Reason',
    in: 'header',
    required: false,
    description: 'Why, for the audit log, where the body does not say it; percent-encoded.',
    schema: { type: 'string', maxLength: 500, pattern: `^(?:${ENCODED})*$` },
    example: 'asked%20for%20it',
  };
}
