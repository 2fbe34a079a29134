/** The bodies and answers of tokens/*. */

import { Type } from 'typebox';
import { MAX_TOKENS } from '../../domain/catalogue/catalogue.js';
import {
  affordable,
  amount,
  balance,
  byDefault,
  closed,
  EXAMPLE_USER,
  metadata,
  operationId,
  quantity,
  reservationId,
  time,
  timeInput,
  userReference,
} from './common.js';
import { limitDecision } from './limits.js';
import { LINE } from './text-rules.js';

const ttlSeconds = (description: string) =>
  Type.Integer({ minimum: 1, maximum: 86_400, description, examples: [300] });

const tokens = (description: string, example: number) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description, examples: [example] });

const model = (description: string) =>
  Type.String({ minLength: 1, maxLength: 128, ...LINE, description, examples: [] });

/** As an example shows it where nothing is held. */
const balanceOf = (total: number) => ({
  ...balance,
  examples: [{ available: total, reserved: 0, total }],
});

export const reserveBody = closed(
  {
    user: userReference,
    operation: operationId,
    quantity: byDefault(quantity, 1),
    amount: Type.Optional({
      ...amount,
      description: 'Tokens to hold; overrides price × quantity.',
      examples: [],
    }),
    ttlSeconds: byDefault(ttlSeconds('The hold ends by itself after this many seconds.'), 300),
    checkLimits: byDefault(
      Type.Boolean({
        description: 'Also count against the user’s rate limits: all or nothing.',
        examples: [true],
      }),
      false,
    ),
    limitCost: Type.Optional({
      ...quantity,
      description: 'With `checkLimits`: how many requests this counts as; absent: as many as `quantity`.',
    }),
    model: Type.Optional(model('What will do the work, for usage.')),
    metadata: Type.Optional(metadata),
  },
  { examples: [{ user: EXAMPLE_USER, operation: 'chatgpt_message', checkLimits: true }] },
);

export const reserved = closed(
  {
    reservationId,
    user: userReference,
    operation: operationId,
    amount: tokens('Held.', 5),
    status: Type.String({ enum: ['open'] }),
    expiresAt: time,
    balance,
    affordable,
    limit: Type.Optional(limitDecision),
  },
  { title: 'Reserved', description: 'Tokens held for one operation.' },
);

export const commitBody = closed({
  reservationId,
  amount: Type.Optional({ ...amount, description: 'The actual cost; absent: what is held.' }),
  model: Type.Optional(model('Must be what reserve was told; absent: it is.')),
  metadata: Type.Optional(metadata),
});

export const committed = closed(
  {
    reservationId,
    user: userReference,
    operation: operationId,
    status: Type.String({ enum: ['committed'] }),
    reserved: tokens('What was held.', 5),
    amount: tokens('What was charged.', 5),
    released: tokens('Held and not charged.', 0),
    uncollected: tokens('Asked for and not covered by hold, balance and overdraft.', 0),
    late: Type.Boolean({ description: 'The hold had ended before.' }),
    balance: balanceOf(95),
    affordable,
  },
  { title: 'Committed', description: 'A settled reservation.' },
);

export const refundBody = closed({
  reservationId,
  amount: Type.Optional({
    ...amount,
    description: 'Tokens to give back; absent: all that is left. Of an open reservation only the whole.',
  }),
  reason: Type.Optional(
    Type.String({ minLength: 1, maxLength: 500, description: 'For the ledger.', examples: ['no answer'] }),
  ),
});

export const refunded = closed(
  {
    reservationId,
    status: Type.String({ enum: ['refunded', 'committed'] }),
    refunded: tokens('Given back by this call.', 5),
    refundedTotal: tokens('Given back so far.', 5),
    balance: balanceOf(100),
  },
  { title: 'Refunded', description: 'What was given back.' },
);

export const extendBody = closed({
  reservationId,
  ttlSeconds: ttlSeconds('Keep the hold for at least this long from now; at most 24 h after its creation.'),
});

export const extended = closed(
  { reservationId, expiresAt: time },
  { title: 'Extended', description: 'When the hold ends now.' },
);

export const quoteBody = closed({
  user: userReference,
  operation: operationId,
  quantity: byDefault(quantity, 1),
  amount: Type.Optional({ ...amount, description: 'Overrides price × quantity.', examples: [] }),
});

export const quoted = closed(
  {
    cost: tokens('What it would cost.', 5),
    canAfford: Type.Boolean({ examples: [true] }),
    deficit: tokens('How many tokens are missing.', 0),
    balance,
    affordable,
  },
  { title: 'Quote', description: 'What an operation would cost now.' },
);

export const grantBody = closed({
  user: userReference,
  amount: Type.Integer({
    minimum: -MAX_TOKENS,
    maximum: MAX_TOKENS,
    not: { const: 0 },
    description: 'Tokens; not 0. Negative only with source `adjustment`.',
    examples: [100],
  }),
  source: Type.String({ enum: ['topup', 'promo', 'adjustment'], examples: ['promo'] }),
  expiresAt: Type.Optional(timeInput('When what is left of them ends; absent: never.')),
  reason: Type.String({
    minLength: 1,
    maxLength: 500,
    description: 'For the ledger.',
    examples: ['welcome'],
  }),
  metadata: Type.Optional(metadata),
});

export const granted = closed(
  {
    grantId: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      maxLength: 64,
      description: 'Null for a negative adjustment.',
      examples: ['grt_1_1'],
    }),
    balance: balanceOf(200),
  },
  { title: 'Granted', description: 'The balance after a grant.' },
);
