import { Type } from 'typebox';
import { EVENT_TYPES } from '../../domain/events/event.js';
import { DELIVERY_STATUSES, type Delivery, type Webhook } from '../../domain/webhooks/webhook.js';
import { toIso, toIsoOrNull } from '../to-iso.js';
import { byDefault, closed, nullable, time } from './common.js';
import { eventType } from './events.js';
import { EXAMPLE_WEBHOOK } from './examples.js';
import { LINE, WORD } from './text-rules.js';

export const webhookId = Type.String({
  minLength: 1,
  maxLength: 64,
  ...WORD,
  description: 'The id of an endpoint.',
  examples: [EXAMPLE_WEBHOOK],
});

export const deliveryId = Type.String({
  minLength: 1,
  maxLength: 15,
  pattern: '^[0-9]+$',
  'x-words': 'must be the id of a delivery',
  description: 'The id of a delivery.',
  examples: ['1'],
});

const url = Type.String({
  minLength: 1,
  maxLength: 2048,
  ...LINE,
  description: 'Where events are POSTed to, by https.',
  examples: ['https://example.com/farebox'],
});

const types = Type.Unsafe<string[] | null>({
  type: ['array', 'null'],
  items: { type: 'string', enum: [...EVENT_TYPES] },
  minItems: 1,
  maxItems: EVENT_TYPES.length,
  uniqueItems: true,
  description: 'Which events; null: all.',
  examples: [['tokens.low', 'tokens.exhausted']],
});

const description = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  maxLength: 200,
  ...LINE,
  description: 'For people.',
  examples: ['the bot'],
});

const enabled = Type.Boolean({ description: 'While it is not, events are skipped.', examples: [true] });

export const webhookWish = closed({
  url,
  types: byDefault(types, null),
  description: byDefault(description, null),
  enabled: byDefault(enabled, true),
});

const webhookProperties = {
  ...{ id: webhookId, url, types, description, enabled },
  disabledFor: nullable(
    Type.String({
      maxLength: 16,
      description: '`gone`: it answered 410; `failing`: nothing but failures for five days.',
    }),
    { examples: [null] },
  ),
  failingSince: nullable(time, { description: 'Since when every attempt failed.', examples: [null] }),
  createdAt: time,
};

const secret = Type.String({
  maxLength: 128,
  description: 'Signs what is sent; shown this once.',
  examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
});

export const webhook = closed(webhookProperties, { title: 'Webhook', description: 'An endpoint.' });
export const newWebhook = closed(
  { ...webhookProperties, secret },
  { title: 'NewWebhook', description: 'An endpoint with its secret.' },
);
export const newSecret = closed({ secret });

const attempt = closed({
  at: time,
  status: nullable(Type.Integer({ minimum: 100, maximum: 999, description: 'Null: there was no answer.' }), {
    examples: [200],
  }),
  ms: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'How long it took.', examples: [12] }),
  body: Type.String({
    maxLength: 1024,
    description: 'The first KB of the answer, or why there was none.',
    examples: ['ok'],
  }),
});

export const deliveryStatus = Type.Unsafe<Delivery['status']>({
  type: 'string',
  enum: [...DELIVERY_STATUSES],
  description: '`skipped`: the endpoint was disabled before it was sent.',
});

export const delivery = closed(
  {
    id: deliveryId,
    eventId: Type.String({ maxLength: 64, description: 'Its `webhook-id`.', examples: ['evt_42'] }),
    type: eventType,
    status: deliveryStatus,
    attempts: Type.Array(attempt, { maxItems: 1000 }),
    nextAttemptAt: nullable(time, {
      description: 'Null where it has ended, or waits for the user’s event before it.',
    }),
  },
  { title: 'Delivery', description: 'What became of an event at an endpoint.' },
);

export const webhookBody = ({ failingSince, createdAt, ...rest }: Webhook) => ({
  ...rest,
  failingSince: toIsoOrNull(failingSince),
  createdAt: toIso(createdAt),
});

export const deliveryBody = ({ id, attempts, nextAt, ...rest }: Delivery) => ({
  ...rest,
  id: String(id),
  attempts: attempts.map(({ at, ...one }) => ({ ...one, at: toIso(at) })),
  nextAttemptAt: toIsoOrNull(nextAt),
});
