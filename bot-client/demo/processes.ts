import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SERVICE = fileURLToPath(new URL('../../billing-service/src/server.js', import.meta.url));
export const BOT = fileURLToPath(new URL('../src/main.js', import.meta.url));
const READY_MS = 180_000;

export interface Running {
  readonly process: ChildProcess;
  /** Everything it printed, on either stream. */
  printed(): string;
  stop(): Promise<void>;
}

/** The service itself, on a free port, with a database in `folder` unless `env` names one, and a clock that can be moved. */
export async function startService(
  folder: string,
  env: Record<string, string> = {},
): Promise<Running & { url: string; adminKey: string }> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const adminKey = `fbx_demo_${randomBytes(24).toString('hex')}`;
  const child = start(SERVICE, folder, {
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    DATA_DIR: join(folder, 'service'),
    ADMIN_API_KEY: adminKey,
    LOG_LEVEL: 'error',
    TEST_CLOCK: 'true',
    ...env,
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(`${url}/readyz`, child);
  return { ...child, url, adminKey };
}

/** The bot itself, as `npm run bot` starts it. */
export async function startBot(
  folder: string,
  env: Record<string, string>,
): Promise<Running & { metricsUrl: string }> {
  const metricsPort = await freePort();
  const child = start(BOT, folder, {
    BOT_METRICS_PORT: String(metricsPort),
    BOT_DATA_DIR: join(folder, 'bot'),
    ...env,
  });
  const metricsUrl = `http://127.0.0.1:${metricsPort}`;
  await ready(`${metricsUrl}/readyz`, child);
  return { ...child, metricsUrl };
}

/** Starts with a nearly empty environment, in a folder without an `.env`: no other settings may get in. */
function start(file: string, folder: string, env: Record<string, string>): Running {
  const child = spawn(process.execPath, [file], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-1_000_000);
    });
  let stopping = false;
  child.on('exit', (code) => {
    if (!stopping && code !== null && code !== 0)
      process.stderr.write(`${file} ended with ${code}:\n${printed.slice(-4_000)}\n`);
  });
  const stop = async () => {
    stopping = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await Promise.race([exited, pause(5_000).then(() => child.kill('SIGKILL'))]);
  };
  return { process: child, printed: () => printed, stop };
}

async function ready(url: string, { process: child }: Running): Promise<void> {
  const end = Date.now() + READY_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs[1]} ended before it was ready`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > end) throw new Error(`${url} was not ready within ${READY_MS} ms`);
    await pause(100);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
