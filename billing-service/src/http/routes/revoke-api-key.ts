import { Type } from 'typebox';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { authorOf } from '../hooks/note-author.js';
import { sendRefusal } from '../problem.js';
import { apiKeyId } from '../schemas/api-key.js';
import { closed } from '../schemas/common.js';

/** DELETE /api-keys/{id} */
export const revokeApiKey: RouteFactory = ({ apiKeys, bus, clock }) =>
  defineRoute({
    method: 'DELETE',
    url: '/api-keys/:id',
    config: { audited: 'always', scopes: ['admin'], refusals: ['unknown-api-key'] },
    schema: {
      operationId: 'revokeApiKey',
      tags: ['API keys'],
      summary: 'Revoke an API key',
      description: 'It stops working at once here, and on every other instance within 5 seconds.',
      params: closed({ id: apiKeyId }),
      response: { 204: Type.Null({ description: 'Revoked.' }) },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      if (!(await apiKeys.by(authorOf(request)).revoke(id, clock.now()))) {
        return sendRefusal(request, reply, { kind: 'unknown_api_key', id });
      }
      bus.publish({ kind: 'api_key', id });
      return reply.code(204).send(null);
    },
  });
