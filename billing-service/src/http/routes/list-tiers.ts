import { listCatalogue } from '../../domain/catalogue/read-catalogue.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { sendRefusal } from '../problem.js';
import { notModified, readConditions, tier } from '../schemas/catalogue.js';
import { closed, pageOf, pagination } from '../schemas/common.js';
import { sendDocument } from '../send-document.js';

/** GET /tiers */
export const listTiers: RouteFactory = ({ catalogue }) =>
  defineRoute({
    method: 'GET',
    url: '/tiers',
    config: { scopes: 'any' },
    schema: {
      operationId: 'listTiers',
      tags: ['Catalogue'],
      summary: 'List the tiers',
      description: 'By `position`.',
      headers: readConditions,
      querystring: closed(pagination),
      response: { 200: pageOf(tier), 304: notModified },
    },
    handler: async (request, reply) => {
      const { limit, cursor } = request.query;
      const page = listCatalogue('tiers', catalogue.current().tiers, { limit: Number(limit), cursor });
      return page.ok ? sendDocument(request, reply, page.value) : sendRefusal(request, reply, page.refusal);
    },
  });
