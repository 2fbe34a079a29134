import { defineRoute, type RouteFactory } from '../define-route.js';
import { sendRefusal } from '../problem.js';
import { notModified, readConditions, tier } from '../schemas/catalogue.js';
import { closed, tierId } from '../schemas/common.js';
import { sendDocument } from '../send-document.js';

/** GET /tiers/{tier} */
export const readTier: RouteFactory = ({ catalogue }) =>
  defineRoute({
    method: 'GET',
    url: '/tiers/:tier',
    config: { scopes: 'any', refusals: ['unknown-tier'] },
    schema: {
      operationId: 'readTier',
      tags: ['Catalogue'],
      summary: 'Read a tier',
      description: 'Its ETag may be sent back in If-None-Match, and in If-Match of a PUT.',
      headers: readConditions,
      params: closed({ tier: tierId }),
      response: { 200: tier, 304: notModified },
    },
    handler: async (request, reply) => {
      const found = catalogue.current().tiers.get(request.params.tier);
      return found
        ? sendDocument(request, reply, found)
        : sendRefusal(request, reply, { kind: 'unknown_tier', tier: request.params.tier });
    },
  });
