/** The bodies and answers of payments and of what they change. */

import { Type } from 'typebox';
import { MAX_TOKENS } from '../../domain/catalogue/catalogue.js';
import type { Product } from '../../domain/payments/payment.js';
import type { Start } from '../../domain/plan/change-purchases.js';
import {
  balance,
  byDefault,
  closed,
  metadata,
  nullable,
  packId,
  tierId,
  time,
  timeInput,
  userReference,
} from './common.js';
import { storedMetadata } from './stored-metadata.js';
import { CURRENCY, PROVIDER, VISIBLE_TEXT } from './text-rules.js';

export const provider = Type.String({
  minLength: 1,
  maxLength: 64,
  ...PROVIDER,
  description: 'Who took the money; `-` in it is the same as `_`.',
  examples: ['telegram_stars'],
});

export const paymentId = Type.String({
  minLength: 1,
  maxLength: 255,
  ...VISIBLE_TEXT,
  description: 'The provider’s own id of the payment.',
  examples: ['demo-payment-1'],
});

const months = Type.Integer({
  minimum: 1,
  maximum: 120,
  description: 'Calendar months, each a period that grants the tier’s tokens.',
  examples: [1],
});
const tokens = Type.Integer({
  minimum: 1,
  maximum: MAX_TOKENS,
  description: 'Plain tokens.',
  examples: [500],
});

const start = Type.Unsafe<Start>({
  type: 'string',
  enum: ['after', 'now'],
  description:
    '`after` (default): a tier of no higher position waits its turn. `now`: it interrupts what runs, as a higher one does.',
  examples: ['after'],
});

export const product = Type.Union(
  [
    closed({ tier: tierId, months, start: Type.Optional(start) }),
    closed({
      tier: tierId,
      until: timeInput(
        'Paid until then: from now, or from the end of what this provider was paid for before.',
      ),
    }),
    closed({ pack: packId }),
    closed({ tokens }),
  ],
  {
    'x-words': 'must be one of {tier, months, start?}, {tier, until}, {pack} and {tokens}',
    description: 'One of {tier, months, start?}, {tier, until}, {pack} or {tokens}.',
    examples: [{ tier: 'professional', months: 1 }],
  },
);

/** The same in answers: a union would make the serializer validate each of them. */
export const productAnswer = Type.Unsafe<Product>({
  type: 'object',
  title: 'Product',
  description: 'What was paid for: {tier, months, start?}, {tier, until}, {pack} or {tokens}.',
  additionalProperties: false,
  properties: { tier: tierId, months, start, until: time, pack: packId, tokens },
});

export const currency = Type.String({
  ...CURRENCY,
  maxLength: 3,
  description: 'ISO 4217, or XTR.',
  examples: ['XTR'],
});

const paidAmount = Type.Integer({
  minimum: 0,
  maximum: MAX_TOKENS,
  description: 'In the smallest unit (kopecks; XTR whole). Recorded, not compared with the catalogue.',
  examples: [1000],
});

export const paymentBody = closed({
  provider,
  paymentId,
  user: userReference,
  product,
  currency,
  amount: paidAmount,
  metadata: Type.Optional(metadata),
});

export const upcoming = Type.Array(
  closed(
    {
      tier: tierId,
      from: time,
      until: time,
      payment: nullable(closed({ provider, paymentId }), { description: 'Null: set by hand.' }),
    },
    { title: 'UpcomingTier', description: 'Paid time that waits, as it would run.' },
  ),
  {
    maxItems: 100,
    description: 'The purchases that wait, as they would run, first first; at most 100.',
    examples: [[]],
  },
);

export const planProperties = {
  tier: tierId,
  periodEnd: nullable(time, { description: 'End of the current period.' }),
  paidUntil: nullable(time, {
    description: 'The end of the present tier’s paid time if nothing comes between; null on gift.',
  }),
  upcoming,
  balance: { ...balance, examples: [{ available: 2095, reserved: 5, total: 2100 }] },
};

const appliedProperties = {
  provider,
  paymentId,
  user: userReference,
  product: productAnswer,
  granted: Type.Integer({ minimum: 0, description: 'Tokens granted now.', examples: [2000] }),
  ...planProperties,
};

export const paymentApplied = closed(appliedProperties, {
  title: 'PaymentApplied',
  description: 'What a payment did.',
});

export const payment = closed(
  {
    ...appliedProperties,
    user: nullable(userReference, { description: 'As it was paid for; null of one who was erased.' }),
    currency,
    amount: paidAmount,
    metadata: storedMetadata,
    createdAt: time,
    refundedAt: nullable(time, { description: 'When the whole was taken back.', examples: [null] }),
    refundedTokens: nullable(
      Type.Integer({
        minimum: 0,
        description: 'How many of its tokens were asked back; null of a payment for a tier.',
        examples: [0],
      }),
      { examples: [0] },
    ),
    refundedAmount: Type.Integer({
      minimum: 0,
      description: 'How much of its money that is; of a part pro rata.',
      examples: [0],
    }),
  },
  { title: 'Payment', description: 'What was paid, and what it did when it was applied.' },
);

export const tierChange = closed({
  tier: tierId,
  months: byDefault({ ...months, description: 'Paid for how many months.' }, 1),
});

export const planOfUser = closed(
  { user: userReference, ...planProperties },
  { title: 'UserTier', description: 'A user’s tier and until when.' },
);

export const subscriptionBody = closed({
  subscribed: Type.Boolean({ description: 'Whether the user is in the channel.', examples: [true] }),
});

export const subscription = closed(
  {
    user: userReference,
    subscribed: Type.Boolean({ examples: [true] }),
    granted: Type.Integer({ minimum: 0, description: 'Tokens granted by this call.', examples: [100] }),
    balance,
  },
  { title: 'ChannelSubscription', description: 'Membership in the operator’s channel.' },
);
