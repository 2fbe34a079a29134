/** The body and the answer of tokens/grant. */
import { Type } from 'typebox';
import { MAX_TOKENS } from '../../domain/catalogue/catalogue.js';
import { closed, metadata, timeInput, userReference } from './common.js';
import { balanceOf } from './tokens.js';

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
