import { refundPayment as decide } from '../../domain/payments/refund-payment.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed } from '../schemas/common.js';
import { paymentId, paymentRefunded, provider } from '../schemas/payments.js';
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
      refusals: ['unknown-payment'],
    },
    schema: {
      operationId: 'refundPayment',
      tags: ['Payments'],
      summary: 'Take back what a refunded payment gave',
      description:
        'Takes back what is unspent of the tokens it gave (held ones stay held) and ends its unused paid time. Give ' +
        'the money back where it was taken; this only settles the ledger. Again: the first answer.',
      params: closed({ provider, paymentId }),
      response: { 200: paymentRefunded },
    },
    handler: async (request, reply) => {
      const outcome = await decide(servicesFor(request, services), request.params, request.idempotency);
      return sendOutcome(request, reply, outcome, 200);
    },
  });
