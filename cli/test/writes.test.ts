/** A write is done once, whatever becomes of its answer, and the audit log knows who did it and why. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import type { Teardown } from '../../billing-service/test/support/test-environment.js';
import { runFarebox } from './support/run-farebox.js';
import { startTown } from './support/town.js';

t.setTimeout(300_000);
const town = await startTown(t);
const here = { url: town.url, key: town.adminKey };

const totalOf = async (user: string): Promise<number> =>
  (await town.call<{ total: number }>('GET', `/users/${user}/balance`)).total;

/** Hands every call on to the service; answers to writes are lost while `loses` says so. */
async function cutCable(t: Teardown, loses: () => boolean): Promise<{ url: string; keys: string[] }> {
  const keys: string[] = [];
  const server = createServer((asked, answer) => {
    const { hostname, port } = new URL(town.url);
    const { method, url: path, headers } = asked;
    if (method !== 'GET') keys.push(String(headers['idempotency-key']));
    const onward = request({ hostname, port, method, path, headers }, (reply) => {
      if (method !== 'GET' && loses()) {
        reply.resume().on('end', () => asked.socket.destroy());
        return;
      }
      answer.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(answer);
    });
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys };
}

t.test('an answer that is lost is asked for again with the same key: it is done once', async (t) => {
  let lost = 0;
  const { url, keys } = await cutCable(t, () => ++lost <= 2);
  const { code, stdout } = await runFarebox(['grant', 'web:one', '50', '--reason', 'x'], { ...here, url });
  t.equal(code, 0);
  t.match(stdout, 'available 50');
  t.equal(keys.length, 3);
  t.equal(new Set(keys).size, 1, 'one key');
  t.equal(await totalOf('web:one'), 50);
});

t.test(
  'where no answer comes at all, it ends with 3 and tells the key; with it a second run does it once',
  async (t) => {
    const { url } = await cutCable(t, () => true);
    const args = ['grant', 'web:two', '50', '--reason', 'x'];
    const { code, stderr } = await runFarebox(args, { ...here, url });
    t.equal(code, 3);
    t.match(stderr, 'It is not known whether it was done');
    const [, key = ''] = /--idempotency-key (\S+)/.exec(stderr) ?? [];
    t.not(key, '');
    const again = await runFarebox([...args, '--idempotency-key', key], here);
    t.equal(again.code, 0);
    t.equal(await totalOf('web:two'), 50);
  },
);

t.test('a call that takes no key is sent once, and the user is told to look', async (t) => {
  const { url, keys } = await cutCable(t, () => true);
  const args = ['keys', 'create', 'lost', '--scopes', 'limits', '--reason', 'x'];
  const { code, stderr } = await runFarebox(args, { ...here, url });
  t.equal(code, 3);
  t.equal(keys.length, 1);
  t.match(stderr, 'look before you run it again');
});

t.test('the audit log has the command line and the reason, in any letters', async (t) => {
  await runFarebox(['tier', 'web:three', 'business', '--reason', 'партнёр, 30 %'], here);
  const { items } = await town.call<{ items: unknown[] }>('GET', '/audit-log?user=web:three');
  t.match(items, [{ action: 'changeTier', reason: 'партнёр, 30 %', actor: { via: 'cli' } }]);
});

t.test('without a reason, and nobody to ask for it, nothing is sent', async (t) => {
  for (const args of [
    ['grant', 'web:four', '5'],
    ['block', 'web:four'],
    ['tier', 'web:four', 'business'],
  ]) {
    const { code, stderr } = await runFarebox(args, here);
    t.equal(code, 2, args.join(' '));
    t.match(stderr, '--reason is needed');
  }
  t.equal(
    (await fetch(`${town.url}/users/web:four`, { headers: { authorization: `Bearer ${here.key}` } })).status,
    404,
  );
});

t.test('a price of thousands may be set apart, and what is no whole number is refused here', async (t) => {
  const amounts: [string, number][] = [
    ['1,000', 0],
    ['1_000', 0],
    ['-2000', 0],
    ['1.5', 2],
    ['10,00', 2],
    ['1e3', 2],
    ['', 2],
  ];
  for (const [amount, code] of amounts)
    t.equal((await runFarebox(['grant', 'web:five', amount, '--reason', 'x'], here)).code, code, amount);
  t.equal(await totalOf('web:five'), 0);
});
