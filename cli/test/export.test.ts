/** A file that an export writes is whole, or it is not there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { temporaryFolder } from '../../billing-service/test/support/start-service.js';
import type { Teardown } from '../../billing-service/test/support/test-environment.js';
import { runFarebox, startFarebox } from './support/run-farebox.js';
import { peopleIt, startTown } from './support/town.js';

t.setTimeout(300_000);
const ROW = `${JSON.stringify({ id: '1', createdAt: '2026-11-22T17:25:06.793Z' })}\n`;

/** Sends some rows, and then nothing: `end` may still cut it off. */
async function endlessExport(t: Teardown): Promise<{ url: string; cut(): void }> {
  let open: ServerResponse | undefined;
  const server = createServer((_, response) => {
    open = response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(ROW.repeat(1_000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, cut: () => open?.destroy() };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(20);
}

async function begun(t: Teardown) {
  const { url, cut } = await endlessExport(t);
  const cwd = temporaryFolder(t);
  const file = join(cwd, 'entries.ndjson');
  const { child, ended } = startFarebox(['export', 'entries', '-o', 'entries.ndjson'], {
    url,
    key: 'x',
    cwd,
  });
  await until(() => existsSync(`${file}.part`) && readFileSync(`${file}.part`).length > 0);
  return { cwd, file, child, ended, cut };
}

t.test('what is written is what the API answers, in the format that the name says', async (t) => {
  const town = await startTown(t);
  await peopleIt(town);
  const cwd = temporaryFolder(t);
  for (const [file, query] of [
    ['users.csv', 'users?format=csv'],
    ['entries.ndjson', 'entries'],
  ] as const) {
    const [table = ''] = file.split('.');
    const { code, stdout, stderr } = await runFarebox(['export', table, '-o', file], {
      url: town.url,
      key: town.adminKey,
      cwd,
    });
    t.same([code, stdout], [0, ''], stderr);
    const answer = await fetch(`${town.url}/export/${query}`, {
      headers: { authorization: `Bearer ${town.adminKey}` },
    });
    t.equal(readFileSync(join(cwd, file), 'utf8'), await answer.text());
    t.match(stderr, /^\S+: \d+ (users|entries), [\d.]+ K?B\.\n$/);
  }
  t.same(readdirSync(cwd).sort(), ['entries.ndjson', 'users.csv']);
});

t.test('killed in the midst: no file of that name', async (t) => {
  const { cwd, child, ended } = await begun(t);
  child.kill('SIGKILL');
  await ended;
  t.same(readdirSync(cwd), ['entries.ndjson.part']);
});

t.test('Ctrl-C in the midst: nothing is left, and it ends with 130', async (t) => {
  const { cwd, child, ended } = await begun(t);
  child.kill('SIGINT');
  t.equal((await ended).code, 130);
  t.same(readdirSync(cwd), []);
});

t.test('cut off by the service: nothing is left, and it ends with 3', async (t) => {
  const { cwd, ended, cut } = await begun(t);
  cut();
  const { code, stderr } = await ended;
  t.equal(code, 3);
  t.match(stderr, 'cut the export off');
  t.same(readdirSync(cwd), []);
});

t.test('a folder that is not there ends with 2', async (t) => {
  const { url } = await endlessExport(t);
  const { code, stderr } = await runFarebox(['export', 'users', '-o', 'no/such/folder/x.csv'], {
    url,
    key: 'x',
  });
  t.equal(code, 2);
  t.match(stderr, 'cannot be written');
});
