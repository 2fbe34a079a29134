/** The service compiles a route's schemas at its first call; here all of them are compiled, as Fastify would by itself. */
import Fastify, { type FastifyInstance } from 'fastify';
import t from 'tap';
import { routes } from '../../src/http/routes.js';
import type { Services } from '../../src/http/services.js';
import { AJV_OPTIONS, addKeywords } from '../../src/http/validation.js';

const eager = (): FastifyInstance =>
  Fastify({ ajv: { customOptions: AJV_OPTIONS, plugins: [addKeywords as never] } });

t.test('the schemas of every route compile, of bodies, queries, paths and answers', async (t) => {
  const app = eager();
  t.teardown(() => app.close());
  const testClock = { advance: async () => 0 };
  for (const route of routes({ testClock } as unknown as Services)) app.route(route);
  await t.resolves(async () => {
    await app.ready();
  });
});

t.test('a schema that does not compile would be found that way', async (t) => {
  const app = eager();
  t.teardown(() => app.close());
  const response = { 200: { type: 'nonsense' } };
  await t.rejects(async () => {
    app.get('/x', { schema: { querystring: { type: 'nonsense' }, response } }, () => 'x');
    await app.ready();
  });
});
