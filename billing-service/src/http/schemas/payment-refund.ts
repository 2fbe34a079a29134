import { Type } from 'typebox';
import { MAX_TOKENS } from '../../domain/catalogue/catalogue.js';
import { closed, tierId } from './common.js';

export const refundBody = closed({
  tokens: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_TOKENS,
      description: 'So many of what a pack or tokens gave; left out: the whole payment.',
      examples: [100],
    }),
  ),
});

export const paymentRefunded = closed(
  {
    revoked: Type.Integer({ minimum: 0, description: 'Tokens taken back.', examples: [1900] }),
    spent: Type.Integer({ minimum: 0, description: 'Tokens of it that were spent.', examples: [100] }),
    tier: tierId,
  },
  { title: 'PaymentRefunded', description: 'What was taken back.' },
);
