import { listCatalogue } from '../../domain/catalogue/read-catalogue.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { sendRefusal } from '../problem.js';
import { notModified, operation, readConditions } from '../schemas/catalogue.js';
import { closed, pageOf, pagination } from '../schemas/common.js';
import { sendDocument } from '../send-document.js';

/** GET /operations */
export const listOperations: RouteFactory = ({ catalogue }) =>
  defineRoute({
    method: 'GET',
    url: '/operations',
    config: { scopes: 'any' },
    schema: {
      operationId: 'listOperations',
      tags: ['Catalogue'],
      summary: 'List the operations',
      description: 'By id.',
      headers: readConditions,
      querystring: closed(pagination),
      response: { 200: pageOf(operation), 304: notModified },
    },
    handler: async (request, reply) => {
      const { limit, cursor } = request.query;
      const page = listCatalogue('operations', catalogue.current().operations, {
        limit: Number(limit),
        cursor,
      });
      return page.ok ? sendDocument(request, reply, page.value) : sendRefusal(request, reply, page.refusal);
    },
  });
