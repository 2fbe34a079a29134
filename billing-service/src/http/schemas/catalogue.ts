import { Type } from 'typebox';
import { MAX_TOKENS, type Unpriced } from '../../domain/catalogue/catalogue.js';
import { byDefault, closed, nullable, operationId, packId, tierId } from './common.js';
import { CURRENCY, LINE, OPERATION_OR_ALL, UNIT } from './text-rules.js';

const name = (example: string) =>
  Type.String({
    minLength: 1,
    maxLength: 100,
    ...LINE,
    description: 'For people.',
    examples: [example],
  });

const tokens = (description: string, example: number) =>
  Type.Integer({ minimum: 0, maximum: MAX_TOKENS, description, examples: [example] });

const price = closed(
  {
    currency: Type.String({
      minLength: 3,
      maxLength: 3,
      ...CURRENCY,
      description: 'ISO 4217, or XTR for Telegram Stars.',
      examples: ['XTR'],
    }),
    amount: Type.Integer({
      minimum: 0,
      maximum: MAX_TOKENS,
      description: 'In the smallest unit (kopecks, cents); XTR whole.',
      examples: [1000],
    }),
  },
  { title: 'Price', description: 'What it costs in one currency.' },
);
const prices = Type.Array(price, { maxItems: 20, description: 'At most one for each currency.' });

const policy = closed(
  {
    operation: Type.String({
      minLength: 1,
      maxLength: 64,
      ...OPERATION_OR_ALL,
      description: 'An operation of the catalogue, or `*` for all together.',
      examples: ['*'],
    }),
    limit: Type.Integer({
      minimum: 1,
      maximum: 1_000_000_000,
      description: 'At most so many in any window.',
      examples: [50],
    }),
    windowSeconds: Type.Integer({
      minimum: 1,
      maximum: 2_592_000,
      description: 'The rolling window, up to 30 days.',
      examples: [60],
    }),
  },
  { title: 'Policy', description: 'One rate limit.' },
);

const graceSeconds = Type.Integer({
  minimum: 0,
  maximum: 2_592_000,
  description: 'How long the tier stays, without tokens, after the last time paid for; up to 30 days.',
  examples: [0],
});

/** The limits of a tier; a user's own have the same form. */
export const limitMembers = {
  overdraft: tokens('How far below zero a finished work may be charged.', 0),
  maxOpenReservations: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  policies: Type.Array(policy, { maxItems: 20, description: 'No two of one operation and window.' }),
};

const tierMembers = {
  name: name('Professional'),
  monthlyTokens: tokens('Granted at the start of each month.', 2000),
  overdraft: limitMembers.overdraft,
  maxOpenReservations: nullable(limitMembers.maxOpenReservations, {
    description: 'How many reservations a user may have open; null: any number.',
    examples: [null],
  }),
  requiresChannel: Type.Boolean({
    description: 'Tokens come only while the user is subscribed to the channel.',
    examples: [false],
  }),
  graceSeconds,
  prices,
  policies: limitMembers.policies,
  features: Type.Array(Type.String({ minLength: 1, maxLength: 200, ...LINE }), {
    maxItems: 50,
    description: 'Words for people; the service does not read them.',
    examples: [[]],
  }),
  position: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'Orders the list.', examples: [1] }),
};
export const tier = closed({ id: tierId, ...tierMembers }, { title: 'Tier', description: 'A plan.' });
/** What GET gives, also without the id, which the path has. */
export const tierInput = closed(
  { id: Type.Optional(tierId), ...tierMembers, graceSeconds: Type.Optional({ ...graceSeconds, default: 0 }) },
  { title: 'TierInput' },
);

export const unitName = Type.String({
  minLength: 1,
  maxLength: 32,
  ...UNIT,
  description: 'What is counted.',
  examples: ['input_tokens'],
});
export const per = Type.Integer({
  minimum: 1,
  maximum: MAX_TOKENS,
  description: 'So many of the unit cost `price`.',
  examples: [1000],
});
const rateModel = Type.String({
  minLength: 1,
  maxLength: 128,
  ...LINE,
});

const rate = closed(
  {
    unit: unitName,
    model: nullable(rateModel, {
      description: 'For this model; null: for any that has no rate of its own for the unit.',
      examples: [null],
    }),
    price: tokens('Tokens for `per` of the unit.', 1),
    per,
  },
  { title: 'Rate', description: 'What a unit of the work costs.' },
);

const operationMembers = {
  name: name('ChatGPT message'),
  price: tokens('Tokens for a quantity of 1.', 5),
};
const rates = Type.Array(rate, {
  maxItems: 200,
  description: 'What is charged by unit, besides the price. At most one for each unit and model.',
  examples: [[]],
});
const unpriced = Type.Unsafe<Unpriced>({
  type: 'string',
  enum: ['refuse', 'free'],
  description: 'A unit without a rate is refused with 400, or costs nothing.',
  examples: ['refuse'],
});
export const operation = closed(
  { id: operationId, ...operationMembers, rates, unpriced },
  { title: 'Operation', description: 'A priced action.' },
);
export const operationInput = closed(
  {
    id: Type.Optional(operationId),
    ...operationMembers,
    rates: byDefault(rates, []),
    unpriced: byDefault(unpriced, 'refuse'),
  },
  { title: 'OperationInput' },
);

const packMembers = { name: name('500 tokens'), tokens: tokens('Granted when it is paid.', 500), prices };
export const pack = closed({ id: packId, ...packMembers }, { title: 'Pack', description: 'A top-up.' });
export const packInput = closed({ id: Type.Optional(packId), ...packMembers }, { title: 'PackInput' });

export const notModified = Type.Null({ description: 'You have the present one.' });

/** Conditions of a GET; without examples, so that "Try it out" sends none. */
export const readConditions = Type.Object({
  'if-none-match': Type.Optional(
    Type.String({ maxLength: 1024, description: 'ETags that you have: answers 304 where one still holds.' }),
  ),
});

export const writeConditions = Type.Object({
  'if-match': Type.Optional(
    Type.String({ maxLength: 1024, description: 'The ETag that you read: 412 where it holds no more.' }),
  ),
  'if-none-match': Type.Optional(
    Type.String({ maxLength: 1024, description: '`*`: only where there is none yet.' }),
  ),
});
