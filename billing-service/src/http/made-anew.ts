import type { RouteHandlerMethod } from 'fastify';
import { anewIfGone } from '../domain/account/unknown-account.js';
import type { Services } from './services.js';

/** A route's handler, once more where the user that it knew is gone: nothing was done or answered then. */
export const madeAnew = (
  handler: RouteHandlerMethod,
  { users }: Pick<Services, 'users'>,
): RouteHandlerMethod =>
  function (request, reply) {
    return anewIfGone(users, async () => handler.call(this, request, reply));
  };
