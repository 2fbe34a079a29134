/** The bodies and answers of tokens/*. */

import { Type } from 'typebox';
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
  userReference,
} from './common.js';
import { limitDecision } from './limits.js';
import { receipt, UNITS_RULE, units } from './receipt.js';
import { LINE } from './text-rules.js';

const ttlSeconds = (description: string) =>
  Type.Integer({ minimum: 1, maximum: 86_400, description, examples: [300] });

export const tokens = (description: string, example: number) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description, examples: [example] });

const model = (description: string) =>
  Type.String({ minLength: 1, maxLength: 128, ...LINE, description, examples: [] });

/** As an example shows it where nothing is held. */
export const balanceOf = (total: number) => ({
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
      description: 'Tokens to hold, in place of what prices come to.',
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
    units: Type.Optional({ ...units, description: `What it will use, or at most: ${UNITS_RULE}` }),
    limitCost: Type.Optional({
      ...quantity,
      description: 'With `checkLimits`: how many requests this counts as; absent: as many as `quantity`.',
    }),
    model: Type.Optional(model('What will do the work: for usage, and for its own rates.')),
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
    receipt,
    balance,
    affordable,
    limit: Type.Optional(limitDecision),
  },
  { title: 'Reserved', description: 'Tokens held for one operation.' },
);

export const commitBody = closed({
  reservationId,
  amount: Type.Optional({
    ...amount,
    description: 'The actual cost; absent: by `quantity` and `units`, or what is held.',
  }),
  quantity: Type.Optional({
    ...quantity,
    description: 'How many times the price that the reservation keeps; absent: as reserved.',
    examples: [],
  }),
  units: Type.Optional({
    ...units,
    description: `What was used, at the rates that the reservation keeps: ${UNITS_RULE}`,
  }),
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
    receipt,
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
  amount: Type.Optional({ ...amount, description: 'In place of what prices come to.', examples: [] }),
  units: Type.Optional(units),
  model: Type.Optional(model('For its own rates.')),
});

export const quoted = closed(
  {
    cost: tokens('What it would cost.', 5),
    canAfford: Type.Boolean({ examples: [true] }),
    deficit: tokens('How many tokens are missing.', 0),
    receipt,
    balance,
    affordable,
  },
  { title: 'Quote', description: 'What an operation would cost now.' },
);
