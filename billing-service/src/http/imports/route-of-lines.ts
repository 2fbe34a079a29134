import type { FastifyInstance } from 'fastify';
import type { Route } from '../define-route.js';

/** In a scope of its own: no other call takes these types of bodies, and this one no other. It gets the body as a stream. */
export async function routeOfLines(app: FastifyInstance, route: Route): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    for (const type of Object.keys(route.config?.lines ?? {}))
      scope.addContentTypeParser(type, (_request, body, done) => done(null, body));
    scope.route(route);
  });
}
