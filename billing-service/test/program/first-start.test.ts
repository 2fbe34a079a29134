import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { beginReserve } from '../support/begin-reserve.js';
import { startService, temporaryFolder } from '../support/start-service.js';

// Each start of the embedded database takes seconds, many of them on a busy machine.
t.setTimeout(400_000);

t.test('a first start, and the next', async (t) => {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const settings = { ADMIN_API_KEY: '', DATA_DIR: folder };
  const first = await startService(t, settings);
  const banner = first.logs().stdout;
  const key = readFileSync(join(folder, 'admin-key'), 'utf8').trim();

  await t.test('the banner’s curl reserves tokens as it is', async (t) => {
    const command = banner.trim().split('\n').at(-1) as string;
    const answer = JSON.parse(execFileSync('sh', ['-c', command], { encoding: 'utf8' }));
    t.match(answer, { user: 'demo:you', amount: 5, balance: { available: 95, reserved: 5, total: 100 } });
  });

  await t.test('the key it made is printed, and kept for its owner only', async (t) => {
    t.equal(statSync(join(folder, 'admin-key')).mode & 0o777, 0o600);
    t.match(banner, key);
    t.match(banner, `${first.url}/docs`);
  });

  await t.test('metrics are on their own port only', async (t) => {
    const figures = await (await fetch(first.metricsUrl)).text();
    t.match(figures, /farebox_http_requests_total\{route="\/tokens\/reserve",method="POST",status="2xx"\} 1/);
    t.notMatch(figures, /demo:you/);
    t.equal((await fetch(`${first.url}/metrics`)).status, 404);
  });

  await t.test('all that it wrote is its owner’s alone, also in a folder that was there', async (t) => {
    t.same(openToOthers(folder), []);
    t.equal(statSync(folder).mode & 0o777, 0o700);
  });

  await first.stop();
  for (const path of ['.', 'pglite', 'pglite/base']) chmodSync(join(folder, path), 0o755);
  for (const path of ['pglite/PG_VERSION', 'pglite/global/pg_control']) chmodSync(join(folder, path), 0o666);
  const next = await startService(t, settings);
  await t.test('what others could read is closed by the next start', async (t) => {
    t.same(openToOthers(folder), []);
  });

  await t.test('the next start says where the key is, not what it is', async (t) => {
    t.match(next.logs().stdout, /^Admin key: kept in /m);
    t.notMatch(next.logs().stdout, key);
    const headers = { authorization: `Bearer ${key}` };
    const balance = await fetch(`${next.url}/users/demo:you/balance`, { headers });
    t.match(await balance.json(), { total: 100, reserved: 5 }, 'and gives the demo user nothing again');
  });

  await t.test('a second signal, a second later, ends it at once', async (t) => {
    await beginReserve({ url: next.url, adminKey: key });
    next.process.kill('SIGINT');
    await sleep(1_100);
    t.equal(next.process.exitCode, null, 'it waits for what is in flight');
    t.same(await next.stop('SIGINT'), { code: 1, signal: null }, 'it did not end as it would have by itself');
  });
});

/** What somebody else than its owner may read, write or look into; the lock's socket is for the next starter to knock at. */
const openToOthers = (folder: string): string[] =>
  ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].filter((path) => {
    const found = statSync(join(folder, path));
    return !found.isSocket() && (found.mode & 0o077) !== 0;
  });
