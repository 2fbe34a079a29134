import { listCatalogue } from '../../domain/catalogue/read-catalogue.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { sendRefusal } from '../problem.js';
import { notModified, pack, readConditions } from '../schemas/catalogue.js';
import { closed, pageOf, pagination } from '../schemas/common.js';
import { sendDocument } from '../send-document.js';

/** GET /packs */
export const listPacks: RouteFactory = ({ catalogue }) =>
  defineRoute({
    method: 'GET',
    url: '/packs',
    config: { scopes: 'any' },
    schema: {
      operationId: 'listPacks',
      tags: ['Catalogue'],
      summary: 'List the packs',
      description: 'By id.',
      headers: readConditions,
      querystring: closed(pagination),
      response: { 200: pageOf(pack), 304: notModified },
    },
    handler: async (request, reply) => {
      const { limit, cursor } = request.query;
      const page = listCatalogue('packs', catalogue.current().packs, { limit: Number(limit), cursor });
      return page.ok ? sendDocument(request, reply, page.value) : sendRefusal(request, reply, page.refusal);
    },
  });
