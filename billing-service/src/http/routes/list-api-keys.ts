import { listApiKeys as readKeys } from '../../domain/keys/list-api-keys.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { apiKey, apiKeyBody } from '../schemas/api-key.js';
import { closed, pageOf, pagination } from '../schemas/common.js';
import { sendOutcome } from '../send-outcome.js';

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
      const { limit, cursor } = request.query;
      const page = await readKeys(apiKeys, { limit: Number(limit), cursor });
      return sendOutcome(request, reply, page, 200, ({ items, ...rest }) => ({
        items: items.map(apiKeyBody),
        ...rest,
      }));
    },
  });
