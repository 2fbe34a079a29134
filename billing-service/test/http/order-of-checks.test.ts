import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import t from 'tap';
import { ADMIN_KEY, testApp } from '../support/test-app.js';

const HUGE = `[${Array.from({ length: 51 }, () => '9'.repeat(307)).join(',')}]`;
const BODIES: Record<string, string> = {
  'what the right path would take': '{"user":"demo:you","operation":"chatgpt_message"}',
  'no JSON': '{bad',
  'an oversized one': `"${'x'.repeat(20_000)}"`,
  'numbers without end': HUGE,
};

t.test('404 comes first: of a path that is none, no body, type or key is looked at', async (t) => {
  const { app } = await testApp(t);
  const wrong = [
    ['POST', '/token/reserve'],
    ['PUT', '/tokens/reserve'],
    ['PATCH', '/users/demo:you'],
    ['DELETE', '/tiers'],
    ['GET', '/tiers/'],
    ['GET', '/users//balance'],
    ['POST', '/payments//x/refund'],
    ['PUT', '/operations/'],
  ] as const;
  for (const [method, url] of wrong) {
    for (const [what, payload] of Object.entries(BODIES)) {
      for (const authorization of [`Bearer ${ADMIN_KEY}`, 'Bearer wrong', undefined]) {
        const headers = { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) };
        const answer = await app.inject({ method, url, headers, payload });
        t.match([answer.statusCode, answer.json().code], [404, 'not-found'], `${method} ${url}, ${what}`);
      }
    }
    const text = await app.inject({ method, url, headers: { 'content-type': 'text/plain' }, payload: 'x' });
    t.equal(text.statusCode, 404);
  }
});

t.test('401 and 403 come before anything of the body', async (t) => {
  const { app, keyWith } = await testApp(t);
  const limits = await keyWith('limits');
  for (const [what, payload] of Object.entries(BODIES)) {
    for (const type of ['application/json', 'text/plain']) {
      const post = (authorization: string) =>
        app.inject({
          method: 'POST',
          url: '/tokens/reserve',
          headers: { authorization, 'content-type': type },
          payload,
        });
      t.equal((await post('Bearer wrong')).statusCode, 401, what);
      t.equal((await post(`Bearer ${limits}`)).statusCode, 403, what);
    }
  }
});

t.test('a refusal does not wait for the body', async (t) => {
  const { app, keyWith } = await testApp(t);
  const limits = await keyWith('limits');
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  /** The status of the answer to a request whose body never comes. */
  const post = async (path: string, key: string): Promise<number> => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n` +
        'content-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    );
    const [answer] = (await once(socket, 'data')) as [string];
    socket.destroy();
    return Number(answer.split(' ')[1]);
  };
  t.equal(await post('/token/reserve', ADMIN_KEY), 404);
  t.equal(await post('/tokens/reserve', 'wrong'), 401);
  t.equal(await post('/tokens/reserve', limits), 403);
});

t.test('a body in another coding is 415, before its size and content', async (t) => {
  const { app } = await testApp(t);
  const post = (encoding: string, payload = '{}') =>
    app.inject({
      method: 'POST',
      url: '/tokens/reserve',
      headers: {
        authorization: `Bearer ${ADMIN_KEY}`,
        'content-type': 'application/json',
        'content-encoding': encoding,
      },
      payload,
    });
  t.equal((await post('gzip')).statusCode, 415);
  t.equal((await post('br', 'x'.repeat(20_000))).statusCode, 415);
  t.equal((await post('identity')).statusCode, 400);
});
