import { subscribeChannel as decide } from '../../domain/users/subscribe-channel.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { closed, userReference } from '../schemas/common.js';
import { subscription, subscriptionBody } from '../schemas/payments.js';
import { servicesFor } from '../services.js';

/** PUT /users/{user}/channel-subscription */
export const subscribeChannel: RouteFactory = (services) =>
  defineRoute({
    method: 'PUT',
    url: '/users/:user/channel-subscription',
    config: { audited: 'by-hand', scopes: ['users'] },
    schema: {
      operationId: 'subscribeChannel',
      tags: ['Users'],
      summary: 'Say whether a user is in the channel',
      description:
        'The first join on the gift tier begins its months and grants the first; one gift a period, however often ' +
        'the user leaves and rejoins.',
      params: closed({ user: userReference }),
      body: subscriptionBody,
      response: { 200: subscription },
    },
    handler: async (request) =>
      decide(servicesFor(request, services), {
        user: request.params.user,
        subscribed: request.body.subscribed,
      }),
  });
