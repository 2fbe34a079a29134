import { Type } from 'typebox';
import { successorOf } from '../../domain/keys/api-key.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { authorOf } from '../hooks/note-author.js';
import { sendRefusal } from '../problem.js';
import { apiKeyId, newApiKey, newApiKeyBody } from '../schemas/api-key.js';
import { byDefault, closed } from '../schemas/common.js';

const DAY_S = 24 * 60 * 60;
const MAX_GRACE_S = 30 * DAY_S;

/** POST /api-keys/{id}/rotate */
export const rotateApiKey: RouteFactory = ({ apiKeys, bus, clock }) =>
  defineRoute({
    method: 'POST',
    url: '/api-keys/:id/rotate',
    config: {
      links: { revokeApiKey: { description: 'Revoke it.', parameters: { id: '$response.body#/id' } } },
      audited: 'always',
      scopes: ['admin'],
      refusals: ['unknown-api-key'],
      answersSecret: true,
      bodyOptional: true,
    },
    schema: {
      operationId: 'rotateApiKey',
      tags: ['API keys'],
      summary: 'Put a new API key in the place of another',
      description:
        'The new key has the name, scopes and expiry of the old one, which works beside it for `graceSeconds` more. A ' +
        'call that was sent with the old key and is sent again with the new one, under the same Idempotency-Key, is a ' +
        'repeat. The answer shows the new key this once.',
      params: closed({ id: apiKeyId }),
      body: closed({
        graceSeconds: byDefault(
          Type.Integer({
            minimum: 0,
            maximum: MAX_GRACE_S,
            description: 'How long the old key still works; 0: it stops at once.',
            examples: [DAY_S],
          }),
          DAY_S,
        ),
      }),
      response: { 201: newApiKey },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const now = clock.now();
      const retiresAt = now + request.body.graceSeconds * 1000;
      const key = await apiKeys
        .by(authorOf(request))
        .rotate(id, now, retiresAt, (old) => successorOf(old, now));
      if (!key) return sendRefusal(request, reply, { kind: 'unknown_api_key', id });
      bus.publish({ kind: 'api_key', id });
      return reply.code(201).send(newApiKeyBody(key));
    },
  });
