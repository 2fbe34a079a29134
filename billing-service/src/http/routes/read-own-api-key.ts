import { readOwnKey } from '../../domain/keys/read-own-key.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { unauthorized } from '../problem.js';
import { ownApiKey, ownApiKeyBody } from '../schemas/api-key.js';

/** GET /api-keys/me */
export const readOwnApiKey: RouteFactory = ({ apiKeys }) =>
  defineRoute({
    method: 'GET',
    url: '/api-keys/me',
    config: { scopes: 'any' },
    schema: {
      operationId: 'readOwnApiKey',
      tags: ['API keys'],
      summary: 'Look at the API key that asks',
      description:
        'What the list of keys says of it. The key of ADMIN_API_KEY has neither prefix nor creation.',
      response: { 200: ownApiKey },
    },
    handler: async (request, reply) => {
      const key = await readOwnKey(apiKeys, request.caller);
      if (!key) throw unauthorized('This API key was revoked.');
      return reply.send(ownApiKeyBody(key));
    },
  });
