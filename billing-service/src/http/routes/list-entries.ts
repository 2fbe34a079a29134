import { Type } from 'typebox';
import { listEntries as readEntries } from '../../domain/users/list-entries.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed, pagination, userReference } from '../schemas/common.js';
import { entryBody, entryKind, entryPage } from '../schemas/entry.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';
import { toIso } from '../to-iso.js';

/** GET /users/{user}/entries */
export const listEntries: RouteFactory = (services) =>
  defineRoute({
    method: 'GET',
    url: '/users/:user/entries',
    config: { scopes: ['users', 'tokens', 'support'], refusals: ['unknown-user'] },
    schema: {
      operationId: 'listEntries',
      tags: ['Users'],
      summary: 'List the lines of a user’s ledger',
      description: 'Newest first. Holds write none; what is due now is written before it is read.',
      params: closed({ user: userReference }),
      querystring: closed({ ...pagination, kind: Type.Optional(entryKind) }),
      response: { 200: entryPage },
    },
    handler: async (request, reply) => {
      const { limit, ...query } = request.query;
      const page = await readEntries(servicesFor(request, services), request.params.user, {
        ...query,
        limit: Number(limit),
      });
      return sendOutcome(request, reply, page, 200, ({ items, archived, ...rest }) => ({
        items: items.map(entryBody),
        ...rest,
        ...(archived ? { archived: { ...archived, through: toIso(archived.through) } } : {}),
      }));
    },
  });
