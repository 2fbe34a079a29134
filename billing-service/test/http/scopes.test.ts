import Fastify, { type FastifyInstance } from 'fastify';
import t from 'tap';
import { SCOPES, type Scope } from '../../src/domain/keys/api-key.js';
import { authenticate } from '../../src/http/hooks/authenticate.js';
import { routes } from '../../src/http/routes.js';
import { ADMIN_KEY, testApp } from '../support/test-app.js';

const PUBLIC = ['/livez', '/readyz'];
/** Pages: the specification, and `/`, which leads a browser to it; the console asks for a key itself. */
const DOCS = /^\/($|docs|openapi\.(json|yaml)|console)/;

/** Who may make each call, beside `admin`: said here a second time, so that no route is opened by a slip. */
const OPEN_TO: Record<string, string> = {
  'POST /limits/check': 'limits',
  'POST /limits/undo': 'limits',
  'POST /tokens/reserve': 'tokens',
  'POST /tokens/commit': 'tokens',
  'POST /tokens/refund': 'tokens',
  'POST /limits/check/batch': 'limits',
  'POST /tokens/reserve/batch': 'tokens',
  'POST /tokens/commit/batch': 'tokens',
  'POST /tokens/refund/batch': 'tokens',
  'POST /tokens/extend': 'tokens',
  'POST /tokens/quote': 'tokens',
  'POST /tokens/grant': 'grants',
  'GET /tokens/reservations/:id': 'tokens support',
  'GET /tiers': 'any',
  'GET /tiers/:tier': 'any',
  'PUT /tiers/:tier': '',
  'GET /operations': 'any',
  'GET /operations/:operation': 'any',
  'PUT /operations/:operation': '',
  'GET /packs': 'any',
  'GET /packs/:pack': 'any',
  'PUT /packs/:pack': '',
  'GET /users': 'users support',
  'PUT /users/:user': 'users',
  'GET /users/:user': 'users tokens support',
  'DELETE /users/:user/references/:reference': 'users',
  'DELETE /users/:user': '',
  'POST /users/:user/merge': '',
  'POST /users/:user/references': 'users',
  'GET /users/:user/balance': 'users tokens support',
  'GET /users/:user/entries': 'users tokens support',
  'GET /users/:user/reservations': 'users tokens support',
  'PUT /users/:user/tier': 'grants',
  'PUT /users/:user/block': 'grants',
  'PUT /users/:user/overrides': 'grants',
  'PUT /users/:user/channel-subscription': 'users',
  'POST /payments': 'payments',
  'POST /payments/:provider/:paymentId/refund': 'payments',
  'GET /payments': 'payments support',
  'GET /payments/summary': 'payments support',
  'POST /promo-codes': 'grants',
  'GET /promo-codes': 'grants support',
  'DELETE /promo-codes/:code': 'grants',
  'POST /promo-codes/redeem': 'users',
  'POST /api-keys': '',
  'GET /api-keys': '',
  'GET /api-keys/me': 'any',
  'POST /api-keys/:id/rotate': '',
  'DELETE /api-keys/:id': '',
  'GET /audit': 'support',
  'GET /usage': 'support',
  'GET /refusals': 'support',
  'GET /refusals/summary': 'support',
  'GET /service': 'support',
  'GET /export/users': 'support',
  'GET /export/entries': 'support',
  'GET /export/reservations': 'support',
  'GET /export/payments': 'support',
  'GET /export/audit-log': 'support',
  'POST /import/users': '',
  'GET /audit-log': 'support',
  'GET /events': 'events support',
  'POST /webhooks': 'webhooks',
  'GET /webhooks': 'webhooks support',
  'GET /webhooks/:id': 'webhooks support',
  'PUT /webhooks/:id': 'webhooks',
  'DELETE /webhooks/:id': 'webhooks',
  'POST /webhooks/:id/rotate-secret': 'webhooks',
  'POST /webhooks/:id/test': 'webhooks',
  'POST /webhooks/:id/resend': 'webhooks',
  'GET /webhooks/:id/deliveries': 'webhooks support',
  'POST /deliveries/:id/resend': 'webhooks',
  'POST /test-clock': '',
};
/** What `support` may not read. */
const SECRET = ['GET /api-keys'];

t.test('every route denies by default, and opens to the scopes that it is meant for', async (t) => {
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
    const name = `${method} ${url}`;
    t.equal(await ask(null), 401, `${name} without a key`);
    t.equal(await ask('nonsense'), 401, `${name} with a wrong key`);
    const open = OPEN_TO[name]?.split(' ') ?? [];
    t.ok(name in OPEN_TO, `${name} has its line in OPEN_TO`);
    for (const scope of SCOPES) {
      const may = scope === 'admin' || open.includes('any') || open.includes(scope);
      const status = await ask(keys[scope]);
      t.ok(may ? status !== 403 && status !== 401 : status === 403, `${name} as ${scope}: ${status}`);
    }
  }
  const known = new Set(table.map((route) => route.url));
  for (const url of urlsOf(app))
    t.ok(known.has(url) || DOCS.test(url), `${url} is in the table, or a page of /docs`);
});

t.test('support reads everything but keys and secrets, and writes nothing', async (t) => {
  for (const [name, open] of Object.entries(OPEN_TO)) {
    const reads = name.startsWith('GET ') && !SECRET.includes(name);
    t.equal(/support|any/.test(open), reads, name);
  }
});

t.test('a route that declares no scopes lets nobody in, not even an admin', async (t) => {
  const { services } = await testApp(t);
  const app = Fastify();
  t.teardown(() => app.close());
  const guard = {
    failedAuthentication: async () => undefined,
    isPastLimit: () => false,
    perKey: () => undefined,
  };
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
