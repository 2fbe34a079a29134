import { refundPayment as decide } from '../../domain/payments/refund-payment.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { Problem } from '../problem.js';
import { closed } from '../schemas/common.js';
import { paymentRefunded, refundBody } from '../schemas/payment-refund.js';
import { paymentId, provider } from '../schemas/payments.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** POST /payments/{provider}/{paymentId}/refund */
export const refundPayment: RouteFactory = (services) =>
  defineRoute({
    method: 'POST',
    url: '/payments/:provider/:paymentId/refund',
    config: {
      audited: 'always',
      rehearsable: true,
      scopes: ['payments'],
      idempotency: 'optional',
      refusals: ['unknown-payment', 'refund-exceeds-payment', 'idempotency-key-required'],
      bodyOptional: true,
      // Without a part it is the call that had no body.
      withoutImplied: (body: { tokens?: number }) => (body.tokens === undefined ? null : body),
    },
    schema: {
      operationId: 'refundPayment',
      tags: ['Payments'],
      summary: 'Take back what a refunded payment gave',
      description:
        'Takes back what is unspent of the tokens it gave (held ones stay held) and ends its unused paid time. Give ' +
        'the money back where it was taken; this only settles the ledger. Again: the first answer. With `tokens` it is ' +
        'a part of a payment for a pack or for tokens: each such call is one more part, up to what the payment gave, ' +
        'so it needs an Idempotency-Key. What of it is held or spent is taken when it is free again, or returned.',
      params: closed({ provider, paymentId }),
      body: refundBody,
      response: { 200: paymentRefunded },
    },
    // Before the hook that reads the key.
    preHandler: (request, _reply, done) => {
      if (request.body.tokens !== undefined && request.headers['idempotency-key'] === undefined) {
        const detail = 'A part needs an Idempotency-Key header, so that a retry is not a second part.';
        throw new Problem('idempotency-key-required', detail);
      }
      done();
    },
    handler: async (request, reply) => {
      const asked = { ...request.params, ...request.body };
      const outcome = await decide(servicesFor(request, services), asked, request.idempotency);
      return sendOutcome(request, reply, outcome, 200);
    },
  });
