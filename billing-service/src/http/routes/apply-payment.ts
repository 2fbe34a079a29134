import type { Static } from 'typebox';
import { applyPayment as decide } from '../../domain/payments/apply-payment.js';
import { withoutUsualStart } from '../../domain/payments/payment.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { metadataText, parseTime } from '../read-input.js';
import { paymentApplied, paymentBody } from '../schemas/payments.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';
import { toPlanAnswer } from '../to-plan-answer.js';

/** POST /payments */
export const applyPayment: RouteFactory = (services) =>
  defineRoute({
    method: 'POST',
    url: '/payments',
    config: {
      links: {
        refundPayment: {
          description: 'Take it back.',
          parameters: { provider: '$response.body#/provider', paymentId: '$response.body#/paymentId' },
        },
      },
      audited: 'by-hand',
      scopes: ['payments'],
      idempotency: 'optional',
      withoutImplied: ({ product, ...body }: Static<typeof paymentBody>) => ({
        ...body,
        product: withoutUsualStart(product),
      }),
      refusals: ['unknown-tier', 'unknown-pack', 'payment-mismatch'],
    },
    schema: {
      operationId: 'applyPayment',
      tags: ['Payments'],
      summary: 'Record a payment and deliver what it bought',
      description:
        'Applied once per provider and paymentId, however often it is sent: the same again gets the first answer. ' +
        'A higher tier begins at once and what it interrupts goes on after it; the present tier, or one of no higher ' +
        'position, waits its turn, or begins at once with `start: "now"`. `upcoming` tells what waits.',
      body: paymentBody,
      response: { 201: paymentApplied },
    },
    handler: async (request, reply) => {
      const { metadata, ...body } = request.body;
      if ('until' in body.product) parseTime('product.until', body.product.until);
      const input = { ...body, metadata: metadataText(metadata) };
      const outcome = await decide(servicesFor(request, services), input, request.idempotency);
      return sendOutcome(request, reply, outcome, 201, toPlanAnswer);
    },
  });
