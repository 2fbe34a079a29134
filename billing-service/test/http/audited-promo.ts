/** Of promo codes; see audited-writes.ts. `:code` and `:gone` stand for those that were made. */

const terms = { amount: 20, uses: 3, usesPerUser: 1, grantSeconds: null, prefix: 'MAY', expiresAt: null };
const codeText = /^MAY-/ as unknown as string;

export const PROMO_WRITES = {
  'POST /promo-codes': {
    path: '/promo-codes',
    body: { count: 2, amount: 20, uses: 3, prefix: 'MAY', reason: 'newsletter' },
    headers: { 'idempotency-key': 'codes' },
    refused: { body: { count: 0, amount: 20, reason: 'newsletter' } },
    repeats: true as const,
    line: { user: null, target: null, reason: 'newsletter', before: null, after: { count: 2, ...terms } },
  },
  'DELETE /promo-codes/:code': {
    ...{ path: '/promo-codes/:gone', refused: { path: '/promo-codes/nobodys' } },
    line: {
      ...{ user: null, target: codeText, reason: 'newsletter', after: null },
      before: { used: 0, ...terms },
    },
  },
};

/** A user's own use, unless the console or the command line makes the call. */
export const PROMO_USE = {
  'POST /promo-codes/redeem': {
    ...{ path: '/promo-codes/redeem', body: { user: 'web:audited', code: ':code' } },
    ...{ refused: { body: { user: 'web:audited', code: 'nobodys' } }, repeats: true as const },
    line: {
      ...{ user: 'web:audited', target: codeText, reason: 'newsletter' },
      before: { balance: { available: 112 } },
      after: { balance: { available: 132 } },
    },
  },
};
