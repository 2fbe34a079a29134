/** The bodies and answers of promo-codes. */
import { Type } from 'typebox';
import { MAX_TOKENS } from '../../domain/catalogue/catalogue.js';
import {
  MAX_CODE,
  MAX_CODES_A_CALL,
  MAX_PREFIX,
  type PromoCode,
  shownCode,
  veiledCode,
} from '../../domain/promo/promo-code.js';
import { toIso, toIsoOrNull } from '../to-iso.js';
import { balance, byDefault, closed, nullable, time, timeInput, userReference } from './common.js';
import { EXAMPLE_PROMO_CODE } from './examples.js';
import { LINE, PROMO_PREFIX } from './text-rules.js';

const MAX_USES = 1_000_000_000;
const MAX_USES_A_USER = 1_000;
const TEN_YEARS_S = 10 * 365 * 86_400;

export const promoCode = Type.String({
  minLength: 1,
  maxLength: MAX_CODE,
  ...LINE,
  description: 'The code. Case, dashes and spaces make no difference.',
  examples: [EXAMPLE_PROMO_CODE],
});

const amount = Type.Integer({
  minimum: 1,
  maximum: MAX_TOKENS,
  description: 'Tokens that one use gives.',
  examples: [50],
});
const uses = Type.Integer({
  minimum: 1,
  maximum: MAX_USES,
  description: 'How often each code can be redeemed, by all users together.',
  examples: [1],
});
const usesPerUser = Type.Integer({
  minimum: 1,
  maximum: MAX_USES_A_USER,
  description: 'How often by one user.',
  examples: [1],
});
const grantSeconds = Type.Integer({
  minimum: 1,
  maximum: TEN_YEARS_S,
  description: 'How long the tokens live from then on; absent: without end.',
  examples: [2_592_000],
});
const reason = Type.String({
  minLength: 1,
  maxLength: 500,
  ...LINE,
  description: 'What they are for; the user’s entry says so, too.',
  examples: ['newsletter of May'],
});

export const newPromoCodesBody = closed({
  count: Type.Integer({
    minimum: 1,
    maximum: MAX_CODES_A_CALL,
    description: 'How many codes to make.',
    examples: [2],
  }),
  amount,
  expiresAt: Type.Optional(timeInput('Until when they can be redeemed; absent: always.')),
  uses: byDefault(uses, 1),
  usesPerUser: byDefault(usesPerUser, 1),
  grantSeconds: Type.Optional(grantSeconds),
  prefix: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_PREFIX,
      ...PROMO_PREFIX,
      description: 'What each code begins with.',
      examples: ['MAY'],
    }),
  ),
  reason,
});

export const newPromoCodes = closed(
  {
    items: Type.Array(closed({ code: promoCode }, { title: 'NewPromoCode', description: 'A code.' }), {
      maxItems: MAX_CODES_A_CALL,
    }),
  },
  { title: 'NewPromoCodes', description: 'The codes that were made.' },
);

export const listedPromoCode = closed(
  {
    code: promoCode,
    amount,
    expiresAt: nullable(time),
    uses,
    used: Type.Integer({
      minimum: 0,
      maximum: MAX_USES,
      description: 'How often it was redeemed.',
      examples: [0],
    }),
    usesPerUser,
    grantSeconds: nullable(grantSeconds, { description: 'How long the tokens live; null: without end.' }),
    reason,
    createdAt: time,
  },
  { title: 'PromoCode', description: 'A code and what it is worth.' },
);

/** `veiled`: for those who may not give tokens. */
export const promoCodeBody = (code: PromoCode, veiled: boolean) => ({
  code: veiled ? veiledCode(code) : shownCode(code),
  amount: code.amount,
  expiresAt: toIsoOrNull(code.expiresAt),
  ...{ uses: code.uses, used: code.used, usesPerUser: code.usesPerUser, grantSeconds: code.grantSeconds },
  reason: code.reason,
  createdAt: toIso(code.createdAt),
});

export const redeemBody = closed({ user: userReference, code: promoCode });

export const redeemed = closed(
  {
    granted: { ...amount, description: 'Tokens that the code gave.' },
    balance,
  },
  { title: 'Redeemed', description: 'What a code gave, and the balance after it.' },
);
