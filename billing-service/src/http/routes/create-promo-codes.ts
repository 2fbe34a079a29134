import { createPromoCodes as create } from '../../domain/promo/create-promo-codes.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { authorOf } from '../hooks/note-author.js';
import { parseTime } from '../read-input.js';
import { newPromoCodes, newPromoCodesBody } from '../schemas/promo-codes.js';
import { sendOutcome } from '../send-outcome.js';

/** POST /promo-codes */
export const createPromoCodes: RouteFactory = ({ promoCodes, clock }) =>
  defineRoute({
    method: 'POST',
    url: '/promo-codes',
    config: { audited: 'always', scopes: ['grants'], idempotency: 'optional', answersSecret: true },
    schema: {
      operationId: 'createPromoCodes',
      tags: ['Promo codes'],
      summary: 'Make promo codes',
      description:
        'Up to 1,000 at once, each with 60 random bits, in letters that nobody takes for each other. Send an ' +
        'Idempotency-Key, and a retry is answered with the same codes.',
      body: newPromoCodesBody,
      response: { 201: newPromoCodes },
    },
    // Before the key, so that a bad body is reported first.
    preHandler: (request, _reply, done) => {
      if (request.body.expiresAt !== undefined) parseTime('expiresAt', request.body.expiresAt);
      done();
    },
    handler: async (request, reply) => {
      const { expiresAt, grantSeconds = null, prefix = '', ...wish } = request.body;
      const making = { promoCodes, clock, editor: promoCodes.by(authorOf(request)) };
      const end = expiresAt === undefined ? null : parseTime('expiresAt', expiresAt);
      const terms = { ...wish, grantSeconds, prefix, expiresAt: end };
      const made = await create(making, terms, request.idempotency);
      return sendOutcome(request, reply, made, 201, (codes) => ({ items: codes.map((code) => ({ code })) }));
    },
  });
