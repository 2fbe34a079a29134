/** HAProxy as `deploy/haproxy.cfg` sets it up, in front of services of a test's own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { until } from '../../../common/test/support/until.js';
import { freePort } from './free-port.js';
import { required, type Teardown } from './test-environment.js';

const SETTINGS = fileURLToPath(new URL('../../../../deploy/haproxy.cfg', import.meta.url));

/** @returns the URL that is all of them; ended with the test */
export async function startHaproxy(t: Teardown, urls: readonly string[]): Promise<string> {
  const port = await freePort();
  const addresses = urls.map((url, i) => [`FAREBOX_${i + 1}`, new URL(url).host]);
  const child = spawn(required('TEST_HAPROXY'), ['-db', '-f', SETTINGS], {
    env: { FAREBOX_BIND: `127.0.0.1:${port}`, ...Object.fromEntries(addresses) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'close');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await until(async () => child.exitCode !== null || (await accepts(port)));
  if (child.exitCode === null && (await accepts(port))) return `http://127.0.0.1:${port}`;
  throw new Error(`HAProxy did not start:\n${said}`);
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return isOpen;
}
