import { grantTokens as decide } from '../../domain/tokens/grant-tokens.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { Problem } from '../problem.js';
import { metadataText, parseTime } from '../read-input.js';
import { grantBody, granted } from '../schemas/grants.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

/** POST /tokens/grant */
export const grantTokens: RouteFactory = (services) =>
  defineRoute({
    method: 'POST',
    url: '/tokens/grant',
    config: {
      audited: 'always',
      rehearsable: true,
      scopes: ['grants'],
      idempotency: 'required',
      refusals: ['insufficient-tokens'],
      // Nobody is asked to pay here: the adjustment conflicts with the balance.
      statuses: { 'insufficient-tokens': 409 },
    },
    schema: {
      operationId: 'grantTokens',
      tags: ['Tokens'],
      summary: 'Give tokens, or correct a balance',
      description:
        'Gives tokens of a source, with an expiry or none. Only an `adjustment` may be negative, and never takes ' +
        'available below zero. Needs an Idempotency-Key.',
      body: grantBody,
      response: { 201: granted },
    },
    // Before the handler, so that a bad body is reported before a missing Idempotency-Key.
    preHandler: (request, _reply, done) => {
      const { amount, source, expiresAt } = request.body;
      if (amount < 0 && source !== 'adjustment') {
        throw Problem.invalid({ field: 'amount', message: 'may be negative only with source adjustment' });
      }
      if (expiresAt !== undefined) parseTime('expiresAt', expiresAt);
      done();
    },
    handler: async (request, reply) => {
      const { user, amount, reason, expiresAt } = request.body;
      const source = request.body.source as 'topup' | 'promo' | 'adjustment';
      const input = {
        ...{ user, amount, source, reason },
        expiresAt: expiresAt === undefined ? null : parseTime('expiresAt', expiresAt),
        metadata: metadataText(request.body.metadata),
      };
      const outcome = await decide(servicesFor(request, services), input, request.idempotency);
      return sendOutcome(request, reply, outcome, 201);
    },
  });
