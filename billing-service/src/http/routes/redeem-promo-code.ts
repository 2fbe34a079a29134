import { redeemPromoCode as decide } from '../../domain/promo/redeem-promo-code.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { redeemBody, redeemed } from '../schemas/promo-codes.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** POST /promo-codes/redeem */
export const redeemPromoCode: RouteFactory = (services) =>
  defineRoute({
    method: 'POST',
    url: '/promo-codes/redeem',
    config: {
      audited: 'by-hand',
      scopes: ['users'],
      idempotency: 'optional',
      refusals: ['unknown-code', 'code-used', 'code-expired', 'rate-limited'],
    },
    schema: {
      operationId: 'redeemPromoCode',
      tags: ['Promo codes'],
      summary: 'Redeem a promo code',
      description:
        'Gives the user the code’s tokens, a grant of source `promo`. The same code again without an Idempotency-Key ' +
        'is the first answer; another use, where the code allows one, needs a key of its own. After ten wrong codes ' +
        'within an hour no code of that user is looked at (429, Retry-After).',
      body: redeemBody,
      response: { 201: redeemed },
    },
    handler: async (request, reply) => {
      const outcome = await decide(servicesFor(request, services), request.body, request.idempotency);
      return sendOutcome(request, reply, outcome, 201);
    },
  });
