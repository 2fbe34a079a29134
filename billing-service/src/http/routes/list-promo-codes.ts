import { listPromoCodes as list } from '../../domain/promo/list-promo-codes.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed, pageOf, pagination } from '../schemas/common.js';
import { listedPromoCode, promoCodeBody } from '../schemas/promo-codes.js';
import { sendOutcome } from '../send-outcome.js';

/** GET /promo-codes */
export const listPromoCodes: RouteFactory = ({ promoCodes }) =>
  defineRoute({
    method: 'GET',
    url: '/promo-codes',
    config: { scopes: ['grants', 'support'] },
    schema: {
      operationId: 'listPromoCodes',
      tags: ['Promo codes'],
      summary: 'List the promo codes',
      description:
        'Newest first, without those deleted. A key that may not give tokens (`support`) sees how a code begins, and ' +
        'stars: a whole one is worth tokens to whoever reads it.',
      querystring: closed(pagination),
      response: { 200: pageOf(listedPromoCode) },
    },
    handler: async (request, reply) => {
      const { limit, cursor } = request.query;
      const { scopes } = request.caller;
      const veiled = !scopes.has('grants') && !scopes.has('admin');
      const page = await list(promoCodes, { limit: Number(limit), cursor });
      return sendOutcome(request, reply, page, 200, ({ items, ...rest }) => ({
        items: items.map((code) => promoCodeBody(code, veiled)),
        ...rest,
      }));
    },
  });
