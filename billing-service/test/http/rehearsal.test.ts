/** A rehearsal comes from within only, and only to calls that can be undone. */
import Fastify from 'fastify';
import t from 'tap';
import type { Caller } from '../../src/domain/keys/api-keyring.js';
import { authenticate } from '../../src/http/hooks/authenticate.js';
import { InternalCalls } from '../../src/http/internal-calls.js';
import { routes } from '../../src/http/routes.js';
import { testApp } from '../support/test-app.js';

const CALLER: Caller = {
  apiKeyId: 'key_1',
  name: 'ops',
  idempotencyScope: 'key_1',
  scopes: new Set(['admin']),
};

t.test('a call that would be made all the same is not made for a rehearsal', async (t) => {
  const internal = new InternalCalls();
  const app = Fastify();
  t.teardown(() => app.close());
  const made: string[] = [];
  app.decorateRequest('caller', null as never);
  app.decorateRequest('rehearsal', undefined);
  const guard = { perKey: () => undefined } as never;
  for (const rehearsable of [true, undefined]) {
    const url = rehearsable ? '/yes' : '/no';
    app.post(url, {
      config: rehearsable ? { scopes: 'any', rehearsable } : { scopes: 'any' },
      onRequest: authenticate({} as never, guard, 'any', internal),
      handler: async () => made.push(url),
    });
  }
  const call = (url: string, rehearsal?: object) =>
    app.inject({
      method: 'POST',
      url,
      headers: { authorization: internal.ticketFor({ caller: CALLER, rehearsal }) },
    });
  t.equal((await call('/no', {})).statusCode, 500);
  t.equal((await call('/no')).statusCode, 200);
  t.equal((await call('/yes', {})).statusCode, 200);
  t.strictSame(made, ['/no', '/yes']);
  const authorization = internal.ticketFor({ caller: CALLER });
  internal.drop(authorization);
  t.equal((await app.inject({ method: 'POST', url: '/yes', headers: { authorization } })).statusCode, 401);
});

t.test('what can be rehearsed is what the audit log keeps of an account', async (t) => {
  const { services } = await testApp(t);
  const found = routes(services).filter(({ config }) => config?.rehearsable);
  t.strictSame(found.map(({ method, url }) => `${method} ${url}`).sort(), [
    'DELETE /users/:user',
    'DELETE /users/:user/references/:reference',
    'POST /payments/:provider/:paymentId/refund',
    'POST /tokens/grant',
    'POST /tokens/refund',
    'POST /users/:user/merge',
    'PUT /users/:user/block',
    'PUT /users/:user/overrides',
    'PUT /users/:user/tier',
  ]);
});
