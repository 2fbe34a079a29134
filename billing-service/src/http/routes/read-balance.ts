import { Type } from 'typebox';
import { MAX_SHOWN_GRANTS } from '../../domain/account/balance.js';
import { readBalance as decide } from '../../domain/users/read-balance.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { affordable, balance, closed, nullable, tierId, time, userReference } from '../schemas/common.js';
import { upcoming } from '../schemas/payments.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';
import { toIsoOrNull } from '../to-iso.js';
import { toUpcoming } from '../to-plan-answer.js';

const tokens = (description: string) => Type.Integer({ minimum: 0, description });

const balanceAnswer = closed(
  {
    user: userReference,
    tier: { ...tierId, examples: ['gift'] },
    ...balance.properties,
    spent: tokens('Charged less refunded, over the user’s lifetime.'),
    debt: tokens('Charged beyond the tokens there were; the next credit pays it.'),
    grants: Type.Array(
      closed({
        source: Type.String({ enum: ['tier', 'topup', 'promo', 'refund', 'adjustment'] }),
        remaining: { ...tokens('Tokens left, held ones included.'), examples: [100] },
        expiresAt: nullable(time),
      }),
      { maxItems: MAX_SHOWN_GRANTS, description: 'With tokens left, in the order in which they are spent.' },
    ),
    moreGrants: Type.Optional(
      Type.Boolean({ description: 'True if there are more than `grants` shows; else absent.' }),
    ),
    affordable,
    renewsAt: nullable(time, { description: 'End of the current period, also where it will lapse.' }),
    paidUntil: nullable(time, { description: 'Paid until; null on gift.', examples: [null] }),
    upcoming,
  },
  { title: 'UserBalance', description: 'A user’s tokens and where they come from.' },
);

/** GET /users/{user}/balance */
export const readBalance: RouteFactory = (services) =>
  defineRoute({
    method: 'GET',
    url: '/users/:user/balance',
    config: { scopes: ['users', 'tokens', 'support'], refusals: ['unknown-user'] },
    schema: {
      operationId: 'readBalance',
      tags: ['Users'],
      summary: 'Read a user’s balance',
      description: 'As it is now: what was due is settled first.',
      params: closed({ user: userReference }),
      response: { 200: balanceAnswer },
    },
    handler: async (request, reply) => {
      const result = await decide(servicesFor(request, services), request.params.user);
      return sendOutcome(request, reply, result, 200, (value) => ({
        ...value,
        grants: value.grants.map((grant) => ({ ...grant, expiresAt: toIsoOrNull(grant.expiresAt) })),
        renewsAt: toIsoOrNull(value.renewsAt),
        paidUntil: toIsoOrNull(value.paidUntil),
        upcoming: toUpcoming(value.upcoming),
      }));
    },
  });
