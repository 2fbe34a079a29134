/** What never becomes a request of Fastify's, or only in part: written on the socket by hand. */
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import t, { type Test } from 'tap';
import { ADMIN_KEY, testApp } from '../support/test-app.js';

const HOLD = JSON.stringify({ user: 'web:raw', operation: 'chatgpt_message', amount: 0 });
const reserve = (key: string) =>
  `POST /tokens/reserve HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ADMIN_KEY}\r\nidempotency-key: ${key}\r\n` +
  `content-type: application/json\r\ncontent-length: ${HOLD.length}\r\n\r\n${HOLD}`;

t.test('on the wire', async (t) => {
  const { app, call } = await testApp(t);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  /** Everything that came back until the service closed. */
  const send = async (text: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
      .setEncoding('utf8')
      .on('error', () => {});
    let got = '';
    socket.on('data', (part: string) => {
      got += part;
    });
    socket.write(text);
    await once(socket, 'close');
    return got;
  };
  const holds = async () => (await call('GET', '/users/web:raw/reservations')).body.items.length as number;

  t.test('garbage behind a request that waits for its answer: no other answer in its place', async (t) => {
    const got = await send(`${reserve('a')}GARBAGE\r\n\r\n`);
    t.ok(got === '' || got.startsWith('HTTP/1.1 201'), got);
    const three = await send(`${reserve('b')}${reserve('c')}${reserve('d')}GARBAGE\r\n\r\n`);
    t.notMatch(three, /HTTP\/1.1 400/);
    const before = await holds();
    for (const key of ['a', 'b', 'c', 'd']) {
      const again = await call('POST', '/tokens/reserve', {
        body: JSON.parse(HOLD),
        headers: { 'idempotency-key': key },
      });
      t.equal(again.status, 201, 'the same key again finds what became of it');
    }
    t.ok((await holds()) >= before && (await holds()) === 4, 'and holds once');
  });

  const isProblem = (t: Test, got: string, status: number, code: string) => {
    t.match(got, new RegExp(`^HTTP/1.1 ${status} `));
    t.match(got, /content-type: application\/problem\+json/i);
    const body = JSON.parse(got.slice(got.indexOf('{'), got.lastIndexOf('}') + 1)) as Record<string, string>;
    t.match(body, { status, code });
    t.match(got, new RegExp(`x-request-id: ${body.requestId}`, 'i'));
    return body;
  };
  const get = (lines: string, version = '1.1') =>
    send(
      `GET /tiers HTTP/${version}\r\n${lines}connection: close\r\nauthorization: Bearer ${ADMIN_KEY}\r\n\r\n`,
    );

  t.test('garbage alone, and a body that is garbage, get their problem', async (t) => {
    isProblem(t, await send('GARBAGE\r\n\r\n'), 400, 'invalid-request');
    const chunked = reserve('e').replace(/content-length: \d+/, 'transfer-encoding: chunked');
    isProblem(t, await send(chunked), 400, 'invalid-request');
  });

  t.test('no Host and two Hosts', async (t) => {
    t.match(isProblem(t, await get(''), 400, 'invalid-request'), { errors: [{ field: 'Host' }] });
    isProblem(t, await get('host: a\r\nHost: b\r\n'), 400, 'invalid-request');
    t.match(await get('host: a\r\n'), /^HTTP\/1.1 200 /);
    t.match(await get('', '1.0'), /^HTTP\/1.1 200 /, 'HTTP/1.0 has none');
  });

  t.test('an Expect that nobody knows', async (t) => {
    isProblem(t, await get('host: a\r\nexpect: 200-ok\r\n'), 417, 'expectation-failed');
  });

  t.test('an Idempotency-Key that is sent twice, or is no printable ASCII', async (t) => {
    for (const key of ['one\r\nidempotency-key: two', '\u00d7\u00f8', 'a\tb', 'ключ']) {
      const got = await send(reserve(key).replace('host: x', 'host: x\r\nconnection: close'));
      t.match(isProblem(t, got, 400, 'invalid-request'), { errors: [{ field: 'Idempotency-Key' }] }, key);
    }
    t.match(await send(reserve('a, b').replace('host: x', 'host: x\r\nconnection: close')), /^HTTP\/1.1 201/);
  });

  t.test('QUERY is a method like others: 404 where there is none', async (t) => {
    const got = await send(
      `QUERY /tiers HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}`,
    );
    isProblem(t, got, 404, 'not-found');
  });
});
