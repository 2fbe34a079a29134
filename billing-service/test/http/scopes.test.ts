import Fastify, { type FastifyInstance } from 'fastify';
import t from 'tap';
import { SCOPES, type Scope } from '../../src/domain/keys/api-key.js';
import { authenticate } from '../../src/http/hooks/authenticate.js';
import { routes } from '../../src/http/routes.js';
import { ADMIN_KEY, testApp } from '../support/test-app.js';

const PUBLIC = ['/livez', '/readyz'];
/** Public pages: the specification, and `/`, which leads a browser to them. */
const DOCS = /^\/($|docs|openapi\.(json|yaml))/;

t.test('every route denies by default', async (t) => {
  const { call, services, keyWith, app } = await testApp(t, {
    guard: { failedAuthenticationsPerMinute: 10_000 },
  });
  const table = routes(services);
  const keys = Object.fromEntries(
    await Promise.all(SCOPES.map(async (scope) => [scope, await keyWith(scope)] as const)),
  ) as Record<Scope, string>;

  for (const { method, url, config = {} } of table) {
    const path = url.replace(/:\w+/g, 'x');
    const ask = async (key: string | null) => (await call(method as 'GET', path, { key })).status;
    if (config.public) {
      t.ok(PUBLIC.includes(url), `${url} is public on purpose`);
      continue;
    }
    t.equal(await ask(null), 401, `${method} ${url} without a key`);
    t.equal(await ask('nonsense'), 401, `${method} ${url} with a wrong key`);
    const wanted = config.scopes;
    for (const scope of SCOPES) {
      const may = wanted === 'any' || scope === 'admin' || wanted?.includes(scope);
      const status = await ask(keys[scope]);
      t.ok(
        may ? status !== 403 && status !== 401 : status === 403,
        `${method} ${url} as ${scope}: ${status}`,
      );
    }
  }
  const known = new Set(table.map((route) => route.url));
  for (const url of urlsOf(app))
    t.ok(known.has(url) || DOCS.test(url), `${url} is in the table, or a page of /docs`);
});

t.test('a route that declares no scopes lets nobody in, not even an admin', async (t) => {
  const { services } = await testApp(t);
  const app = Fastify();
  t.teardown(() => app.close());
  const guard = { failedAuthentication: async () => undefined, perKey: () => undefined };
  app.get('/secret', { onRequest: authenticate(services.keyring, guard, undefined) }, () => 'told');
  const answer = await app.inject({ url: '/secret', headers: { authorization: `Bearer ${ADMIN_KEY}` } });
  t.equal(answer.statusCode, 403);
});

/** What Fastify really serves, from its own drawing of the routes: four columns a level. */
function urlsOf(app: FastifyInstance): string[] {
  const parents: string[] = [];
  return [...app.printRoutes({ commonPrefix: false }).matchAll(/^(.*?)[├└]── (\S+)/gm)].map(
    ([, indent, part]) => {
      const depth = (indent as string).length / 4;
      parents[depth] = (parents[depth - 1] ?? '') + part;
      return parents[depth];
    },
  );
}
