import t from 'tap';
import { UnavailableError } from '../../src/domain/ports/unavailable-error.js';
import { ADMIN_KEY, testApp } from '../support/test-app.js';

t.test('what cannot be right is refused, by name, before anything happens', async (t) => {
  const { app, call } = await testApp(t);
  const json = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
  const reserve = async (payload: string | Buffer, headers: Record<string, string> = json) => {
    const answer = await app.inject({ method: 'POST', url: '/tokens/reserve', headers, payload });
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
  };
  const good = { user: 'demo:you', operation: 'chatgpt_message' };

  t.test('bodies: 400 with the field as the caller wrote it', async (t) => {
    const cases: [what: string, payload: string | Buffer, field: string][] = [
      ['empty', '', 'body'],
      ['no JSON', '{"user":', 'body'],
      ['an array', '[]', 'body'],
      ['null', 'null', 'body'],
      ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'body'],
      ['a missing field', '{"user":"demo:you"}', 'operation'],
      ['an unknown field', JSON.stringify({ ...good, colour: 1 }), 'colour'],
      ['a number as text', JSON.stringify({ ...good, quantity: '2' }), 'quantity'],
      ['a fraction', JSON.stringify({ ...good, amount: 1.5 }), 'amount'],
      ['above the range', JSON.stringify({ ...good, amount: 1e12 + 1 }), 'amount'],
      ['a reference without provider', JSON.stringify({ ...good, user: 'you' }), 'user'],
      ['a reference with a control character', JSON.stringify({ ...good, user: 'demo:\u0007' }), 'user'],
      ['a lone surrogate', `{"user":"demo:\\ud800","operation":"x"}`, 'user'],
      [
        'a lone surrogate in metadata',
        `{"user":"demo:a","operation":"x","metadata":{"a":"\\udc00"}}`,
        'metadata.a',
      ],
      ['U+0000', `{"user":"demo:a\\u0000","operation":"x"}`, 'user'],
      [
        'a poisonous name',
        `{"user":"demo:a","operation":"x","metadata":{"__proto__":1}}`,
        'metadata.__proto__',
      ],
      ['a number beyond all', `{"user":"demo:a","operation":"x","metadata":{"a":[-1e400]}}`, 'metadata.a[0]'],
      ['metadata that is no object', JSON.stringify({ ...good, metadata: [] }), 'metadata'],
      ['too much metadata', JSON.stringify({ ...good, metadata: { a: 'x'.repeat(4096) } }), 'metadata'],
      ['brackets without end', `{"metadata":${'['.repeat(7000)}"\\u0041"${']'.repeat(7000)}}`, 'metadata'],
    ];
    for (const [what, payload, field] of cases) {
      const { status, body } = await reserve(payload);
      t.match({ status, code: body.code }, { status: 400, code: 'invalid-request' }, what);
      t.ok(
        body.errors.some((error: { field: string }) => error.field === field),
        `${what} names ${field}: ${JSON.stringify(body.errors)}`,
      );
    }
  });

  t.test('a pair of surrogates written as escapes is one character', async (t) => {
    const { status } = await reserve(`{"user":"demo:\\ud83d\\ude00","operation":"nothing"}`);
    t.equal(status, 404, 'refused only because the operation is unknown');
  });

  t.test('checks come in the order of the contract', async (t) => {
    const bad = '{';
    t.equal((await reserve(bad, { 'content-type': 'text/plain' })).status, 401, 'no key before the type');
    t.equal((await reserve(bad, { ...json, 'content-type': 'text/plain' })).status, 415);
    t.equal((await reserve('x'.repeat(16_385))).status, 413, 'the size before the content');
    t.equal((await reserve(bad)).status, 400);
    const nowhere = await call('POST', '/nowhere', { key: null, body: {} });
    t.match(nowhere, { status: 404, body: { code: 'not-found' } }, 'an unknown path before the key');
    const grant = await call('POST', '/tokens/grant', { body: {} });
    t.equal(grant.body.code, 'invalid-request', 'the body before the missing Idempotency-Key');
  });

  t.test('integers in the query are plain decimals', async (t) => {
    for (const limit of ['1e1', '%205', '%2B5', '5.0', '0', '101', '', '0x5', '99999999999999999999']) {
      const { status, body } = await call('GET', `/api-keys?limit=${limit}`);
      t.match({ status, body }, { status: 400, body: { errors: [{ field: 'limit' }] } }, limit);
    }
    t.match(await call('GET', '/api-keys?limit=5&limit=6'), { status: 400 });
    t.match(await call('GET', '/api-keys?colour=red'), {
      status: 400,
      body: { errors: [{ field: 'colour' }] },
    });
    t.equal((await call('GET', '/api-keys?limit=100')).status, 200);
  });

  t.test('of a name that is sent an answer repeats what openapi.yaml says it may', async (t) => {
    for (const [name, field] of [
      ['a%00b', 'a\\u0000b'],
      ['%F0%9F%99%82'.repeat(1000), '🙂'.repeat(1000)],
      [`a${'%F0%9F%99%82'.repeat(2100)}`, `a${'🙂'.repeat(2047)}`],
    ] as const) {
      const { body } = await call('GET', `/api-keys?${name}=1`);
      t.match(body, { status: 400, errors: [{ field, message: 'is not known here' }] });
      t.ok(body.detail.length <= 4096);
    }
  });

  t.test('an Idempotency-Key has 1 to 255 characters', async (t) => {
    for (const key of ['', 'x'.repeat(256)]) {
      const answer = await call('POST', '/tokens/reserve', {
        body: good,
        headers: { 'idempotency-key': key },
      });
      t.match(answer, { status: 400, body: { errors: [{ field: 'Idempotency-Key' }] } });
    }
  });

  t.test('the longest reference fits into a path', async (t) => {
    const reference = `telegram:${'😀'.repeat(119)}`;
    const made = await call('PUT', `/users/${encodeURIComponent(reference)}`, { body: {} });
    t.match(made, { status: 201, body: { user: reference } });
    const longer = await call('PUT', `/users/${encodeURIComponent(`${reference}x`)}`, { body: {} });
    t.match(longer, { status: 400, body: { errors: [{ field: 'user' }] } });
  });

  t.test('a path that is no UTF-8 is 400', async (t) => {
    const answer = await call('GET', '/users/%ff');
    t.match(answer, { status: 400, body: { code: 'invalid-request' } });
    t.ok(answer.headers['x-request-id']);
  });
});

t.test('what goes wrong inside stays inside', async (t) => {
  const { call, services } = await testApp(t);

  t.test('every answer has a request id, the caller’s own where it is sane', async (t) => {
    const given = await call('GET', '/livez', { headers: { 'x-request-id': 'abc-123' } });
    t.equal(given.headers['x-request-id'], 'abc-123');
    const refused = await call('GET', '/nowhere', { headers: { 'x-request-id': 'a\tb' } });
    t.not(refused.headers['x-request-id'], 'a\tb');
    t.equal(refused.headers['x-request-id'], refused.body.requestId);
  });

  t.test('a 500 tells nothing of what broke', async (t) => {
    services.apiKeys.list = async () => {
      throw new Error('relation "secret_table" does not exist');
    };
    const broken = await call('GET', '/api-keys');
    t.match(broken, { status: 500, body: { code: 'internal-error' } });
    t.match(broken.headers['content-type'], /^application\/problem\+json/);
    t.notMatch(broken.text, /secret_table/);
  });

  t.test('a dependency that is away is 503 with Retry-After', async (t) => {
    services.apiKeys.list = async () => {
      throw new UnavailableError('no route to db.internal');
    };
    const away = await call('GET', '/api-keys');
    t.match(away, { status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '1' } });
    t.notMatch(away.text, /db\.internal/);
  });
});
