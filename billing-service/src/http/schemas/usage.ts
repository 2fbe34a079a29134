import { Type } from 'typebox';
import { DIMENSIONS } from '../../domain/ports/usage-store.js';
import {
  closed,
  nullable,
  operationId,
  queryInteger,
  tierId,
  time,
  timeInput,
  userReference,
} from './common.js';
import { CURSOR, DIMENSION_LIST, LINE, TIME_ZONE } from './text-rules.js';

const tokens = (description: string, example: number) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description, examples: [example] });

const optional = (description: string, example: string) =>
  Type.Optional(nullable(Type.String({ maxLength: 128, description, examples: [example] })));

export const usageRow = closed(
  {
    hour: optional('By the hour: when it begins, UTC.', '2026-01-31T12:00:00.000Z'),
    day: optional('By the day, in the time zone asked for.', '2026-01-31'),
    month: optional('By the month, likewise.', '2026-01'),
    operation: optional('Null: of none, such as a grant.', 'chatgpt_message'),
    tier: optional(
      'The hold’s, else the user’s at that moment; null for entries from before it was kept.',
      'gift',
    ),
    model: optional('As reserve was told; null: none was.', 'gpt-5'),
    user: optional('The oldest reference.', 'demo:you'),
    commits: tokens('Charges.', 3),
    charged: tokens('Tokens charged.', 15),
    refunded: tokens('Tokens given back of charges.', 5),
    uncollected: tokens('Tokens that charges asked for and did not get.', 0),
    granted: tokens('Tokens given.', 100),
    expired: tokens('Tokens that ended unspent.', 0),
    revoked: tokens('Tokens taken back.', 0),
    adjusted: Type.Integer({ description: 'Tokens corrected by hand; signed.', examples: [0] }),
  },
  { title: 'UsageRow', description: 'A part of the ledger, summed.' },
);

export const MAX_ROWS = 10_000;

export const usageAnswer = closed(
  {
    items: Type.Array(usageRow, { maxItems: MAX_ROWS }),
    nextCursor: Type.Optional(Type.String({ maxLength: 4096, description: 'Pass as `cursor` for more.' })),
    asOf: { ...time, description: 'All that the ledger had then is counted.' },
  },
  { title: 'Usage', description: 'The ledger, summed.' },
);

export const usageQuery = closed({
  from: Type.Optional(
    timeInput(
      'The first hour; absent: the ledger’s first, by the hour 400 days before the end.',
      '2026-01-01T00:00:00Z',
    ),
  ),
  to: Type.Optional(timeInput('The hour behind the last; absent: up to now.', '2027-01-01T00:00:00Z')),
  by: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      ...DIMENSION_LIST,
      description: `One or two of ${DIMENSIONS.join(', ')}, with a comma; absent: all in one row.`,
      examples: ['day,operation'],
    }),
  ),
  user: Type.Optional(userReference),
  operation: Type.Optional(operationId),
  tier: Type.Optional(tierId),
  model: Type.Optional(
    Type.String({ minLength: 1, maxLength: 128, ...LINE, description: 'As reserve was told.', examples: [] }),
  ),
  timezone: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      ...TIME_ZONE,
      description: 'Whose days and months; absent: UTC. Its offset must be of whole hours.',
      examples: ['Europe/Moscow'],
    }),
  ),
  limit: queryInteger({ minimum: 1, maximum: MAX_ROWS, default: MAX_ROWS, description: 'Rows a page.' }),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      ...CURSOR,
      description: '`nextCursor` of the page before.',
    }),
  ),
});
