import { defineRoute, type RouteFactory } from '../define-route.js';
import { apiKey, apiKeyBody } from '../schemas/api-key.js';
import { closed, pageOf, pagination } from '../schemas/common.js';

/** GET /api-keys */
export const listApiKeys: RouteFactory = ({ apiKeys }) =>
  defineRoute({
    method: 'GET',
    url: '/api-keys',
    config: { scopes: ['admin'] },
    schema: {
      operationId: 'listApiKeys',
      tags: ['API keys'],
      summary: 'List the API keys',
      description: 'Newest first, without those revoked. Secrets are not kept, so none is shown.',
      querystring: closed(pagination),
      response: { 200: pageOf(apiKey) },
    },
    handler: async (request, reply) => {
      const limit = Number(request.query.limit);
      const found = await apiKeys.list({ limit: limit + 1, after: request.query.cursor });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const more = found.length > limit && last ? { nextCursor: last.id } : {};
      return reply.send({ items: items.map(apiKeyBody), ...more });
    },
  });
