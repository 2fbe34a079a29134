import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { freshFolder, startService } from './support/service-process.js';

// Each start of the embedded database takes seconds, many of them on a busy machine.
t.setTimeout(600_000);

t.test('an embedded start, its life and its end', { timeout: 500_000 }, async (t) => {
  const folder = freshFolder(t);
  const dataDir = join(folder, 'data');
  const first = startService(t, { DATA_DIR: dataDir }, folder);
  const banner = await first.started();

  t.test('the banner’s curl reserves tokens as it is', async (t) => {
    const command = banner.trim().split('\n').at(-1) as string;
    const answer = JSON.parse(execFileSync('sh', ['-c', command], { encoding: 'utf8' }));
    t.match(answer, { user: 'demo:you', amount: 5, balance: { available: 95, reserved: 5, total: 100 } });
  });

  t.test('the key it made is kept for its owner only', async (t) => {
    const file = join(dataDir, 'admin-key');
    t.equal(statSync(file).mode & 0o777, 0o600);
    t.match(banner, readFileSync(file, 'utf8').trim());
    t.match(banner, `${first.url()}/docs`);
  });

  t.test('metrics are on their own port only', async (t) => {
    const url = /Metrics: (\S+)/.exec(banner)?.[1] as string;
    t.match(
      await (await fetch(url)).text(),
      /http_requests_total\{route="\/tokens\/reserve",method="POST",status="2xx"\} 1/,
    );
    t.equal((await fetch(`${first.url()}/metrics`)).status, 404);
  });

  t.test('a second start on the same directory is refused in one line', async (t) => {
    const second = startService(t, { DATA_DIR: join(dataDir, '..', 'data') }, folder);
    t.equal(await second.exited, 1);
    t.match(second.stderr(), /^DATA_DIR: another Farebox runs on [^\n]+\n$/);
  });

  t.test('SIGTERM lets what is in flight finish, and exits 0', async (t) => {
    const socket = await slowRequest(first.url(), readFileSync(join(dataDir, 'admin-key'), 'utf8').trim());
    first.process.kill('SIGTERM');
    first.process.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.write('{}');
    const [data] = (await once(socket, 'data')) as [Buffer];
    t.match(data.toString(), /^HTTP\/1.1 400 /, 'it was answered');
    t.equal(await first.exited, 0);
  });

  t.test('the next start finds all that was there, and the key', async (t) => {
    const next = startService(t, { DATA_DIR: dataDir }, folder);
    const line = (await next.started()).split('\n').find((text) => text.startsWith('Admin key'));
    t.match(line, /^Admin key: kept in /);
    t.notMatch(next.stdout(), /fbx_/);
    const key = readFileSync(join(dataDir, 'admin-key'), 'utf8').trim();
    const headers = { authorization: `Bearer ${key}` };
    const balance = await (await fetch(`${next.url()}/users/demo:you/balance`, { headers })).json();
    t.match(balance, { total: 100, reserved: 5 });

    await slowRequest(next.url(), key);
    next.process.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    t.equal(next.process.exitCode, null, 'it waits for what is in flight');
    const again = Date.now();
    next.process.kill('SIGINT');
    await next.exited;
    t.ok(Date.now() - again < 1_000, 'a second signal, a second later, ends it at once');
  });
});

t.test('a bad setting ends the start with one line that names it', { timeout: 200_000 }, async (t) => {
  const folder = freshFolder(t);
  const bad: Record<string, string>[] = [
    { PORT: 'http' },
    { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
    { DATA_DIR: '/dev/null/data' },
  ];
  for (const settings of bad) {
    const service = startService(t, settings, folder);
    t.equal(await service.exited, 1);
    t.match(service.stderr(), new RegExp(`^${Object.keys(settings)[0]}: [^\n]+\n$`));
    t.equal(service.stdout(), '');
  }
});

/** A request whose body is still to come: in flight until it does. */
async function slowRequest(url: string, key: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.on('error', () => {});
  const head = [
    'POST /tokens/quote HTTP/1.1',
    'host: x',
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    'content-length: 2',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  return socket;
}
