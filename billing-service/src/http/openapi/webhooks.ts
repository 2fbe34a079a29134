/** The `webhooks:` of openapi.yaml: what each type of event is POSTed as. The same data is in the feed. */
import { EVENT_TYPES, type EventType } from '../../domain/events/event.js';
import { affordable, balance, time, userReference } from '../schemas/common.js';
import { receipt } from '../schemas/receipt.js';
import type { Components, JsonSchema } from './schema-of.js';

const text = (maxLength = 128): JsonSchema => ({ type: 'string', maxLength });
const tokens: JsonSchema = { type: 'integer' };
const textOrNull: JsonSchema = { type: ['string', 'null'], maxLength: 128 };
const moment = { type: 'string', format: 'date-time', maxLength: 40 };
const object = (properties: Record<string, JsonSchema>): JsonSchema => ({ type: 'object', properties });
const payment = { provider: text(64), paymentId: text() };
const work = { operation: text(64), reservationId: text() };

/** Besides what every user's event has; docs/events.md says it in words. */
const OWN: Record<EventType, Record<string, JsonSchema>> = {
  'user.created': {},
  'user.blocked': { blocked: { ...object({ reason: text(500), at: moment }), type: ['object', 'null'] } },
  'user.merged': {
    from: userReference as unknown as JsonSchema,
    references: { type: 'array', maxItems: 100, items: userReference as unknown as JsonSchema },
  },
  'reservation.committed': {
    ...{ ...work, model: textOrNull, amount: tokens, uncollected: tokens },
    receipt: receipt as unknown as JsonSchema,
  },
  'limit.hit': {
    operation: text(64),
    limit: {
      ...object({ limit: tokens, windowSeconds: tokens, resetAt: moment }),
      type: ['object', 'null'],
    },
  },
  'tokens.low': {
    ...work,
    threshold: object({
      tokens,
      period: { type: 'boolean' },
      operations: { type: 'array', maxItems: 200, items: text(64) },
    }),
  },
  'tokens.exhausted': work,
  'tokens.granted': { amount: tokens, source: text(32), ...payment },
  'grant.expiring': { source: text(32), remaining: tokens, expiresAt: moment },
  'tier.changed': { tier: text(64), previousTier: text(64) },
  'tier.lapsing': { tier: text(64), until: moment, grace: { type: 'boolean' } },
  'payment.applied': {
    ...payment,
    product: { type: 'object', additionalProperties: true },
    ...{ currency: text(16), amount: tokens, granted: tokens },
  },
  'payment.refunded': { ...payment, tokens, revoked: tokens, spent: tokens, tier: text(64) },
  'catalogue.changed': { section: text(32), id: text(64) },
  'webhook.disabled': { webhookId: text(64), reason: text(32) },
};

const WITHOUT_USER: EventType[] = ['catalogue.changed', 'webhook.disabled'];
const OF_A_USER = {
  user: userReference as unknown as JsonSchema,
  locale: textOrNull,
  balance: balance as unknown as JsonSchema,
  affordable: affordable as unknown as JsonSchema,
  renewsAt: { ...moment, type: ['string', 'null'] },
};

const header = (name: string, description: string) => ({
  ...{ name, in: 'header', required: true, description },
  schema: { type: 'string', maxLength: 512, pattern: '^[ -~]*$' },
});
const HEADERS = [
  header('webhook-id', 'The event’s id, the same at every attempt.'),
  header('webhook-timestamp', 'Seconds since 1970 at this attempt.'),
  header(
    'webhook-signature',
    '`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64; two while a secret is rotated.',
  ),
];

export const webhooksOf = (components: Components): Record<string, JsonSchema> =>
  Object.fromEntries(EVENT_TYPES.map((type) => [type, { post: delivery(type, components) }]));

function delivery(type: EventType, components: Components): JsonSchema {
  const sequence = { type: ['integer', 'null'], minimum: 1 };
  const data = object({ sequence, ...(WITHOUT_USER.includes(type) ? {} : OF_A_USER), ...OWN[type] });
  const schema = {
    ...object({ type: { type: 'string', const: type }, timestamp: time as unknown as JsonSchema, data }),
    required: ['type', 'timestamp', 'data'],
  };
  return {
    operationId: `on-${type.replace('.', '-')}`,
    tags: ['Webhooks'],
    summary: `${type} is told`,
    description: 'To endpoints that ask for it; docs/events.md says when.',
    security: [],
    parameters: HEADERS,
    requestBody: { required: true, content: { 'application/json': { schema: components.schemaOf(schema) } } },
    responses: {
      '2XX': { description: 'Taken.' },
      default: { description: 'Tried again later; 410 disables.' },
    },
  };
}
