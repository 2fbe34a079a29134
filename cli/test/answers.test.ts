/** With --json a command prints the service's answer and nothing else; what it ends with says how it went. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { temporaryFolder } from '../../billing-service/test/support/start-service.js';
import { runFarebox } from './support/run-farebox.js';
import { peopleIt, startTown } from './support/town.js';

t.setTimeout(300_000);
const town = await startTown(t);
await peopleIt(town);
const here = { url: town.url, key: town.adminKey };
const NOWHERE = { url: 'http://127.0.0.1:9', key: 'fbx_no_such_key_at_all_0123456789' };

/** What is typed, and the call whose answer it is. */
const READS: [string[], string][] = [
  [['user', 'web:ada'], '/users/web:ada'],
  [['users', 'ada'], '/users?search=ada'],
  [['balance', 'web:ada'], '/users/web:ada/balance'],
  [['entries', 'web:ada', '--limit', '2'], '/users/web:ada/entries?limit=2'],
  [['holds', 'web:ada', '--status', 'open'], '/users/web:ada/reservations?status=open'],
  [['payments'], '/payments'],
  [['payments', 'summary', '--by', 'product'], '/payments/summary?by=product'],
  [['refusals'], '/refusals'],
  [['audit-log'], '/audit-log'],
  [['keys'], '/api-keys'],
  [['webhooks'], '/webhooks'],
  [['events'], '/events?limit=1000'],
  [['audit'], '/audit'],
];

t.test('the answer of a read is the one of the API, to the letter', async (t) => {
  for (const [args, path] of READS) {
    const { code, stdout, stderr } = await runFarebox([...args, '--json'], here);
    const answer = await fetch(`${town.url}${path}`, {
      headers: { authorization: `Bearer ${town.adminKey}` },
    });
    t.equal(stdout, `${await answer.text()}\n`, args.join(' '));
    t.same([code, stderr], [0, ''], args.join(' '));
  }
});

t.test('usage, whose answer says when it was made, has its rows', async (t) => {
  const { stdout } = await runFarebox(['usage', '--by', 'user', '--json'], here);
  const { items } = await town.call<{ items: unknown[] }>('GET', '/usage?by=user');
  t.same(JSON.parse(stdout).items, items);
});

t.test('doctor tells a program what it tells people', async (t) => {
  const { code, stdout } = await runFarebox(['doctor', '--json'], here);
  const { ok, findings } = JSON.parse(stdout);
  t.same([code, ok], [0, true]);
  t.match(findings, [{ what: 'address', state: 'ok' }]);
});

t.test('a refusal ends with 1, and is the problem with --json', async (t) => {
  const said = await runFarebox(['user', 'web:nobody', '--json'], here);
  t.equal(said.code, 1);
  t.match(JSON.parse(said.stdout), { code: 'unknown-user', status: 404 });
  t.match(said.stderr, /^farebox: There is no user web:nobody\.\n/);
});

t.test('each field that is wrong is named', async (t) => {
  const { code, stderr } = await runFarebox(['users', 'a'], here);
  t.equal(code, 1);
  t.match(stderr, 'search');
});

t.test('a key that the service does not know ends with 1, and is not told', async (t) => {
  const key = 'fbx_a_key_of_nobody_0123456789abcdef';
  const { code, stdout, stderr } = await runFarebox(['users', 'ada'], { ...here, key });
  t.equal(code, 1);
  t.match(stderr, 'FAREBOX_API_KEY');
  t.notMatch(stdout + stderr, key);
});

t.test('no key, and a key with a blank in it, end with 2', async (t) => {
  for (const where of [{ url: town.url }, { ...here, key: 'two words' }]) {
    const { code, stderr } = await runFarebox(['users', 'ada'], where);
    t.equal(code, 2);
    t.match(stderr, 'FAREBOX_API_KEY');
    t.notMatch(stderr, 'two words');
  }
});

t.test('the key of this folder opens the service of this machine, and goes to no other', async (t) => {
  const cwd = mkdtempSync(join(temporaryFolder(t), 'x-'));
  writeFileSync(join(cwd, '.env'), `ADMIN_API_KEY=${town.adminKey}\n`);
  t.equal((await runFarebox(['users', 'ada'], { url: town.url, cwd })).code, 0);
  const { code, stderr } = await runFarebox(['users', 'ada'], { url: 'https://billing.example.com', cwd });
  t.equal(code, 2);
  t.match(stderr, 'FAREBOX_API_KEY is not set');
});

t.test('an address that is none, or that holds a password, ends with 2', async (t) => {
  for (const url of ['billing', 'ftp://x', 'http://me:secret@127.0.0.1:1']) {
    const { code, stderr } = await runFarebox(['users', 'ada'], { url, key: 'x' });
    t.equal(code, 2, url);
    t.match(stderr, 'FAREBOX_URL');
    t.notMatch(stderr, 'secret');
  }
});

t.test('where nothing answers it ends with 3, in words', async (t) => {
  const { code, stderr } = await runFarebox(['users', 'ada'], NOWHERE);
  t.equal(code, 3);
  t.match(stderr, /^farebox: No answer from http:\/\/127\.0\.0\.1:9 /);
  t.notMatch(stderr, /\n\s+at |fbx_/);
});

t.test('doctor ends with 3 where nothing answers, and says what to do', async (t) => {
  const { code, stdout } = await runFarebox(['doctor'], NOWHERE);
  t.equal(code, 3);
  t.match(stdout, /✗ service +Nothing answers at http:\/\/127\.0\.0\.1:9 .*npm start/);
});

t.test('doctor names each wrong setting of the .env of its folder, and others’ view of it', async (t) => {
  const cwd = mkdtempSync(join(temporaryFolder(t), 'x-'));
  writeFileSync(join(cwd, '.env'), 'PORT=many\nDATABSE_URL=postgres://x\n', { mode: 0o644 });
  const { code, stdout } = await runFarebox(['doctor'], { ...here, cwd });
  t.equal(code, 4);
  t.match(stdout, /✗ \.env +PORT: must be a whole number/);
  t.match(stdout, /! \.env +DATABSE_URL is no setting\. Is it DATABASE_URL\?/);
  t.match(stdout, 'chmod 600 .env');
});

t.test('doctor sees a clock that is off, and a key that is not known', async (t) => {
  const server = createServer((_, response) => {
    response.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString());
    response.writeHead(401, { 'content-type': 'application/problem+json' }).end('{"code":"unauthorized"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.match((await runFarebox(['doctor'], { url, key: 'x' })).stdout, 'not as Farebox does');
  const live = await runFarebox(['doctor'], { ...here, key: 'fbx_a_key_of_nobody' });
  t.equal(live.code, 4);
  t.match(live.stdout, /✗ key +The service does not know it/);
});
