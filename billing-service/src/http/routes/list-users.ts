import { Type } from 'typebox';
import { listUsers as readUsers } from '../../domain/users/list-users.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { balance, closed, pageOf, pagination, tierId } from '../schemas/common.js';
import { LINE } from '../schemas/text-rules.js';
import { user, userBody } from '../schemas/user.js';
import { sendOutcome } from '../send-outcome.js';
import { servicesFor } from '../services.js';

const listedUser = closed(
  { ...user.properties, balance },
  { title: 'ListedUser', description: 'Who is metered, and the tokens there are.' },
);

const search = Type.String({
  minLength: 2,
  maxLength: 128,
  ...LINE,
  description:
    'What a reference, its part after the colon, the username or the first name begins with, whatever its case.',
});

const blocked = Type.Optional(
  Type.Unsafe<'true' | 'false'>({
    type: 'string',
    enum: ['true', 'false'],
    description: 'Only those who are blocked, or only those who are not.',
  }),
);

/** GET /users */
export const listUsers: RouteFactory = (services) =>
  defineRoute({
    method: 'GET',
    url: '/users',
    config: { scopes: ['users', 'support'] },
    schema: {
      operationId: 'listUsers',
      tags: ['Users'],
      summary: 'Find users',
      description:
        'Newest first, each as it is now, named by the oldest reference. A tier that nobody is on finds nobody. A page may ' +
        'be shorter than `limit` and go on; the last one has no `nextCursor`.',
      querystring: closed({
        ...pagination,
        search: Type.Optional(search),
        tier: Type.Optional(tierId),
        blocked,
      }),
      response: { 200: pageOf(listedUser) },
    },
    handler: async (request, reply) => {
      const { limit, blocked: only, ...query } = request.query;
      const blocked = only === undefined ? undefined : only === 'true';
      const wish = { ...query, blocked, limit: Number(limit) };
      const page = await readUsers(servicesFor(request, services), wish);
      return sendOutcome(request, reply, page, 200, ({ items, ...rest }) => ({
        items: items.map(({ balance, ...named }) => ({ ...userBody(named), balance })),
        ...rest,
      }));
    },
  });
