import { Type } from 'typebox';
import { putUser as writeUser } from '../../domain/users/put-user.js';
import { defineRoute, NEXT, type RouteFactory } from '../define-route.js';
import { closed, userReference } from '../schemas/common.js';
import { profileMembers, user, userBody } from '../schemas/user.js';
import { servicesFor } from '../services.js';

const { username, firstName, locale } = profileMembers;

/** PUT /users/{user} */
export const putUser: RouteFactory = (services) =>
  defineRoute({
    method: 'PUT',
    url: '/users/:user',
    config: { links: { readUser: NEXT.readUser, readBalance: NEXT.readBalance }, scopes: ['users'] },
    schema: {
      operationId: 'putUser',
      tags: ['Users'],
      summary: 'Make or describe a user',
      description: 'A member that is absent stays as it is; null clears it. 201 where the user is new.',
      params: closed({ user: userReference }),
      body: closed({
        username: Type.Optional(username),
        firstName: Type.Optional(firstName),
        locale: Type.Optional(locale),
      }),
      response: { 200: user, 201: user },
    },
    handler: async (request, reply) => {
      const written = await writeUser(servicesFor(request, services), request.params.user, request.body);
      return reply.code(written.created ? 201 : 200).send(userBody(written.user));
    },
  });
