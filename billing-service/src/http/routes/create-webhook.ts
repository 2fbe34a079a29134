import { MAX_WEBHOOKS } from '../../domain/webhooks/webhook.js';
import { defineRoute, type RouteFactory } from '../define-route.js';
import { authorOf } from '../hooks/note-author.js';
import { Problem, sendRefusal } from '../problem.js';
import { newWebhook, webhookBody, webhookWish } from '../schemas/webhooks.js';

/** POST /webhooks */
export const createWebhook: RouteFactory = ({ webhooks, addresses }) =>
  defineRoute({
    method: 'POST',
    url: '/webhooks',
    config: { audited: 'always', scopes: ['webhooks'], refusals: ['catalogue-full'], answersSecret: true },
    schema: {
      operationId: 'createWebhook',
      tags: ['Webhooks'],
      summary: 'Make an endpoint',
      description:
        'Events from now on are POSTed there, in order for each user, signed as Standard Webhooks 1.0.0 says. The answer shows the ' +
        'secret this once.',
      body: webhookWish,
      response: { 201: newWebhook },
    },
    handler: async (request, reply) => {
      const fault = addresses.faultOfUrl(request.body.url);
      if (fault) throw Problem.invalid({ field: 'url', message: fault });
      const made = await webhooks.by(authorOf(request)).create(request.body);
      if (!made) {
        return sendRefusal(request, reply, {
          kind: 'catalogue_full',
          section: 'webhooks',
          max: MAX_WEBHOOKS,
        });
      }
      return reply.code(201).send({ ...webhookBody(made.webhook), secret: made.secret });
    },
  });
