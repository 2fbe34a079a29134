import t from 'tap';
import { testApp } from '../support/test-app.js';

t.test('API keys over HTTP', async (t) => {
  const { call, clock, services } = await testApp(t);

  t.test('a new key works, is shown once, and only its hash is kept', async (t) => {
    const made = await call('POST', '/api-keys', { body: { name: 'bot', scopes: ['tokens', 'limits'] } });
    t.equal(made.status, 201);
    t.match(made.body, { name: 'bot', scopes: ['limits', 'tokens'], expiresAt: null });
    t.equal(made.headers['cache-control'], 'no-store', 'and no cache on the way may show it again');
    t.match(made.body.key, /^fbx_[0-9A-Za-z]{28}$/);
    t.ok(made.body.key.startsWith(made.body.prefix));
    const listed = await call('GET', '/api-keys');
    t.equal(listed.body.items[0].id, made.body.id);
    t.notMatch(listed.text, made.body.key);
    t.equal((await call('GET', '/api-keys', { key: made.body.key })).status, 403, 'it may not list keys');
  });

  t.test('a revoked key stops at once', async (t) => {
    const made = await call('POST', '/api-keys', { body: { name: 'x', scopes: ['admin'] } });
    const key = made.body.key as string;
    t.equal((await call('GET', '/api-keys', { key })).status, 200);
    const gone = await call('DELETE', `/api-keys/${made.body.id}`);
    t.equal(gone.status, 204);
    t.equal(gone.text, '');
    t.equal((await call('GET', '/api-keys', { key })).status, 401);
    const again = await call('DELETE', `/api-keys/${made.body.id}`);
    t.match(again, { status: 404, body: { code: 'unknown-api-key', status: 404 } });
  });

  t.test('a key ends when it expires', async (t) => {
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    const made = await call('POST', '/api-keys', { body: { name: 'x', scopes: ['admin'], expiresAt } });
    t.equal(made.body.expiresAt, expiresAt);
    const key = made.body.key as string;
    t.equal((await call('GET', '/api-keys', { key })).status, 200);
    clock.offsetMs += 60_001;
    t.equal((await call('GET', '/api-keys', { key })).status, 401);
    const past = await call('POST', '/api-keys', { body: { name: 'x', scopes: ['admin'], expiresAt } });
    t.match(past, { status: 400, body: { errors: [{ field: 'expiresAt' }] } });
  });

  t.test('a mistyped key is refused without a query', async (t) => {
    const made = await call('POST', '/api-keys', { body: { name: 'x', scopes: ['admin'] } });
    const last = made.body.key.at(-1) === 'a' ? 'b' : 'a';
    let queries = 0;
    const find = services.apiKeys.findByHash.bind(services.apiKeys);
    services.apiKeys.findByHash = (hash) => {
      queries += 1;
      return find(hash);
    };
    t.equal((await call('GET', '/api-keys', { key: made.body.key.slice(0, -1) + last })).status, 401);
    t.equal(queries, 0);
    t.equal((await call('GET', '/api-keys', { key: made.body.key })).status, 200);
    t.equal(queries, 1);
    await call('GET', '/api-keys', { key: made.body.key });
    t.equal(queries, 1, 'and then it is known for a while');
  });

  t.test('pages run through all keys, newest first, each once', async (t) => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await call('GET', `/api-keys?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...page.body.items.map((item: { id: string }) => item.id));
      cursor = page.body.nextCursor;
    } while (cursor);
    const whole = await call('GET', '/api-keys?limit=100');
    t.strictSame(
      seen,
      whole.body.items.map((item: { id: string }) => item.id),
    );
    const stranger = await call('GET', '/api-keys?cursor=key_0Ab1Cd2Ef3Gh4Ij5');
    t.match(stranger, { status: 400, body: { errors: [{ field: 'cursor' }] } }, 'not an empty page');
  });
});
