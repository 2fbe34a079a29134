/** Where webhooks are not sent: nowhere but to public addresses, whatever the URL and its name look like. */
import t from 'tap';
import { AddressRule } from '../../src/domain/webhooks/addresses.js';
import { waitAfter } from '../../src/domain/webhooks/ladder.js';
import { postWebhook } from '../../src/webhooks/post-webhook.js';
import { testApp } from '../support/test-app.js';
import { receiver } from './hook-app.js';

const strict = new AddressRule([]);
const own = new AddressRule(['127.0.0.0/8', 'fd00::/8']);
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

t.test(
  'what the special-purpose registries do not call global is refused, and the rest is not',
  async (t) => {
    const refused = [
      ...['127.0.0.1', '127.255.255.254', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
      ...['169.254.169.254', '100.64.0.1', '0.0.0.0', '192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1'],
      ...['203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fc00::1'],
      ...['fd00::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '2001:db8::1'],
      ...['2002:7f00:1::', '2001::1', '64:ff9b::7f00:1', '64:ff9b:1::1', '100::1', '5f00::1', 'x'],
    ];
    for (const address of refused) t.ok(strict.faultOf(address, 'https:'), address);
    for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111', '64:ff9b::808:808'])
      t.equal(strict.faultOf(address, 'https:'), null, address);
    t.equal(own.faultOf('127.0.0.1', 'http:'), null, 'one’s own network, also without TLS');
    t.equal(own.faultOf('fd00::1', 'http:'), null);
    t.match(own.faultOf('8.8.8.8', 'http:'), /https/, 'but nothing else');
    t.ok(own.faultOf('::ffff:127.0.0.1', 'http:'), 'and not in the other family’s clothes');
  },
);

t.test('literal addresses and schemes are refused when an endpoint is made: 400 names url', async (t) => {
  const { call } = await testApp(t);
  const refused = [
    ...['http://example.com/', 'ftp://example.com/', 'nonsense', 'https://user:pass@example.com/'],
    ...['https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://017700000001/'],
    ...[
      'https://[::1]/',
      'https://[::ffff:127.0.0.1]/',
      'https://169.254.169.254/',
      'https://example.com/#x',
    ],
  ];
  for (const url of refused) {
    const { status, body } = await call('POST', '/webhooks', { body: { url } });
    t.match({ status, body }, { status: 400, body: { errors: [{ field: 'url' }] } }, url);
  }
  const made = await call('POST', '/webhooks', { body: { url: 'https://localhost./hook' } });
  t.equal(made.status, 201, 'a name is looked up when something is sent');
  const put = { body: { url: 'https://10.0.0.1/' } };
  t.equal((await call('PUT', `/webhooks/${made.body.id}`, put)).status, 400);
});

const { signal } = new AbortController();
const post = (url: string, addresses: AddressRule, hosts: Record<string, string[]> = {}) => {
  let asked = 0;
  const lookUp = async (host: string) => {
    asked += 1;
    return (hosts[host] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  const options = { addresses, signal, timeoutMs: 10_000, ...(Object.keys(hosts).length ? { lookUp } : {}) };
  return postWebhook(url, '{}', {}, options).then((posted) => ({ ...posted, asked }));
};

t.test('a name that leads inside is refused when it is sent to, and nothing is connected to', async (t) => {
  const { got, url } = await receiver(t);
  const { port } = new URL(url);
  t.match(await post(`https://localhost:${port}/`, strict), { status: null, body: /^refused/ });
  const dotted = await post(`https://localhost.:${port}/`, strict, { 'localhost.': ['127.0.0.1'] });
  t.match(dotted, { status: null, body: /^refused/ });
  const mixed = await post(`https://rebind.test:${port}/`, strict, {
    'rebind.test': ['8.8.8.8', '127.0.0.1'],
  });
  t.match(mixed, { status: null, body: /^refused/ }, 'one inside among those outside');
  t.match(await post(`https://none.test/`, strict, { 'none.test': [] }), { status: null, body: /^refused/ });
  t.equal(got.length, 0);
});

t.test('a name is asked for once, and what was checked is connected to', async (t) => {
  const { got, url } = await receiver(t);
  const { port } = new URL(url);
  const posted = await post(`http://rebind.test:${port}/`, own, { 'rebind.test': ['127.0.0.1'] });
  t.match(posted, { status: 200, asked: 1 });
  t.equal(got[0]?.headers.host, `rebind.test:${port}`);
});

t.test('a redirect is not followed: it is a failure like any other answer but 2xx', async (t) => {
  const inside = await receiver(t);
  const { url } = await receiver(t, (_one, reply) => {
    reply.writeHead(307, { location: inside.url });
    reply.end();
  });
  t.match(await post(url, own), { status: 307 });
  t.equal(inside.got.length, 0);
});

t.test(
  'of an answer the first KB is read, and of one that does not come no more is waited than its time',
  async (t) => {
    const { url } = await receiver(t, (_one, reply) => reply.write('x'.repeat(100_000)));
    t.equal((await post(url, own)).body.length, 1024);
    const silent = await receiver(t, () => {});
    const options = { addresses: own, signal, timeoutMs: 1_000 };
    t.match(await postWebhook(silent.url, '{}', {}, options), { status: null, body: /^no answer/ });
    const cut = new AbortController();
    const cutPost = postWebhook(silent.url, '{}', {}, { addresses: own, signal: cut.signal });
    cut.abort();
    await t.rejects(cutPost, 'cut by our own end it is no attempt');
  },
);

t.test('the ladder: ten attempts; jitter and Retry-After only lengthen', async (t) => {
  const hours = [2, 5, 10, 14, 20, 24].map((hour) => hour * HOUR);
  const steps = [5 * SECOND, 300 * SECOND, 1_800 * SECOND, ...hours, null];
  for (const [i, step] of steps.entries()) {
    t.equal(waitAfter(i + 1, null, 0), step);
    if (step !== null) t.ok((waitAfter(i + 1, null, 0.99) ?? 0) > step);
  }
  t.equal(waitAfter(1, 60 * SECOND, 0), 60 * SECOND);
  t.equal(waitAfter(3, 60 * SECOND, 0), 1_800 * SECOND);
  t.equal(waitAfter(1, 999 * HOUR, 0), 24 * HOUR, 'but a day at most');
});
