import { Type } from 'typebox';
import { storedCode } from '../../domain/promo/promo-code.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { authorOf } from '../hooks/note-author.js';
import { sendRefusal } from '../problem.js';
import { closed } from '../schemas/common.js';
import { promoCode } from '../schemas/promo-codes.js';

/** DELETE /promo-codes/{code} */
export const deletePromoCode: RouteFactory = ({ promoCodes }) =>
  defineRoute({
    method: 'DELETE',
    url: '/promo-codes/:code',
    config: { audited: 'always', scopes: ['grants'], refusals: ['unknown-code'] },
    schema: {
      operationId: 'deletePromoCode',
      tags: ['Promo codes'],
      summary: 'Delete a promo code',
      description: 'Nobody redeems it from now on. What it gave stays given.',
      params: closed({ code: promoCode }),
      response: { 204: Type.Null({ description: 'Deleted.' }) },
    },
    handler: async (request, reply) => {
      const removed = await promoCodes.by(authorOf(request)).remove(storedCode(request.params.code));
      if (!removed) return sendRefusal(request, reply, { kind: 'unknown_code' });
      return reply.code(204).send(null);
    },
  });
