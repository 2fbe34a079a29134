import { Type } from 'typebox';
import { makeApiKey } from '../../domain/keys/api-key.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { authorOf } from '../hooks/note-author.js';
import { Problem } from '../problem.js';
import { parseTime } from '../read-input.js';
import { keyName, newApiKey, newApiKeyBody, scopes } from '../schemas/api-key.js';
import { closed, timeInput } from '../schemas/common.js';

/** POST /api-keys */
export const createApiKey: RouteFactory = ({ apiKeys, bus, clock }) =>
  defineRoute({
    method: 'POST',
    url: '/api-keys',
    config: {
      links: { revokeApiKey: { description: 'Revoke it.', parameters: { id: '$response.body#/id' } } },
      audited: 'always',
      scopes: ['admin'],
      answersSecret: true,
    },
    schema: {
      operationId: 'createApiKey',
      tags: ['API keys'],
      summary: 'Make an API key',
      description: 'The answer shows the key this once; the service keeps only its SHA-256.',
      body: closed({
        name: keyName,
        scopes,
        expiresAt: Type.Optional(timeInput('When it stops working; absent: never.')),
      }),
      response: { 201: newApiKey },
    },
    handler: async (request, reply) => {
      const { name, scopes, expiresAt } = request.body;
      const now = clock.now();
      const end = expiresAt === undefined ? null : parseTime('expiresAt', expiresAt);
      if (end !== null && end <= now) {
        throw Problem.invalid({ field: 'expiresAt', message: 'must be in the future' });
      }
      const key = makeApiKey({ name, scopes, expiresAt: end }, now);
      await apiKeys.by(authorOf(request)).insert(key);
      bus.publish({ kind: 'api_key', id: key.id });
      return reply.code(201).send(newApiKeyBody(key));
    },
  });
