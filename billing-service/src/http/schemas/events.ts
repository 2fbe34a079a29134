import { Type } from 'typebox';
import { EVENT_TYPES, eventId, type StoredEvent } from '../../domain/events/event.js';
import { toIso } from '../to-iso.js';
import { closed, nullable, time } from './common.js';

export const eventType = Type.String({
  maxLength: 64,
  description: `What happened: ${EVENT_TYPES.join(', ')}. There may be more in time: skip those you do not know.`,
  examples: ['reservation.committed'],
});

export const eventData = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: true,
  description:
    'What a bot needs to tell its user. Of every user’s event: `user`, `locale`, `balance` after it, `affordable`, ' +
    '`renewsAt`, `sequence`; the rest by type, see docs/events.md.',
  examples: [{ user: 'demo:you', sequence: 7, amount: 5, operation: 'chatgpt_message' }],
});

const event = closed(
  {
    id: Type.String({
      maxLength: 64,
      description: 'Also the `webhook-id` of its deliveries.',
      examples: ['evt_42'],
    }),
    type: eventType,
    timestamp: time,
    sequence: nullable(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Counts the user’s events from 1, without a gap; null where it is about no user.',
      }),
      { examples: [7] },
    ),
    data: eventData,
  },
  { title: 'Event', description: 'Something that happened.' },
);

export const eventPage = closed({
  items: Type.Array(event, { maxItems: 1000 }),
  nextCursor: Type.String({ maxLength: 4096, description: 'Send it as `after` for what comes next.' }),
});

export const eventBody = ({ position, type, at, sequence, data }: StoredEvent) => ({
  ...{ id: eventId(position), type, timestamp: toIso(at), sequence },
  data: JSON.parse(data) as Record<string, unknown>,
});
