import { tierItem } from '../../domain/catalogue/catalogue-item.js';
import { putTier as writeTier } from '../../domain/catalogue/put-catalogue.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { preconditionOf } from '../etag.js';
import { authorOf } from '../hooks/note-author.js';
import { tier, tierInput, writeConditions } from '../schemas/catalogue.js';
import { closed, tierId } from '../schemas/common.js';
import { refuseOtherId, sendPut } from '../send-document.js';

/** PUT /tiers/{tier} */
export const putTier: RouteFactory = ({ catalogue }) =>
  defineRoute({
    method: 'PUT',
    url: '/tiers/:tier',
    config: { audited: 'always', scopes: ['admin'], refusals: ['precondition-failed', 'catalogue-full'] },
    schema: {
      operationId: 'putTier',
      tags: ['Catalogue'],
      summary: 'Write a tier',
      description:
        'Policies and the order of tiers hold at once, on every instance within 100 ms; counts are kept.',
      headers: writeConditions,
      params: closed({ tier: tierId }),
      body: tierInput,
      response: { 200: tier, 201: tier },
    },
    handler: async (request, reply) => {
      const { params, body, headers } = request;
      refuseOtherId(params.tier, body.id);
      const item = tierItem({ graceSeconds: 0, ...body, id: params.tier });
      return sendPut(
        request,
        reply,
        await writeTier(catalogue.by(authorOf(request)), item, preconditionOf(headers)),
      );
    },
  });
