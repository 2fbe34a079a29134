/** A throwaway Postgres and a throwaway Redis on free loopback ports. Their files live in the run's folder. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedPostgres } from './embedded-postgres.mjs';
import { findPostgres } from './programs.mjs';
import { registerProcess } from './run-folder.mjs';

const START_TIMEOUT_MS = 30_000;
const REDIS_IMAGE = 'redis:7.4.9-alpine';

const POSTGRES_SETTINGS = [
  'listen_addresses=127.0.0.1',
  // Test files run side by side, each with its own pool.
  'max_connections=200',
  // The service refuses a server where one of these is off.
  'synchronous_commit=on',
  'fsync=on',
  'full_page_writes=on',
];

/**
 * @param {readonly string[]} [settings] as in postgresql.conf; those of the tests where absent
 * @param {string} [name] of its folder, where a run has several
 * @returns {Promise<string>} an administrator's URL of the database `postgres`
 */
export async function startPostgres(folder, settings = POSTGRES_SETTINGS, name = 'postgres') {
  const owner = unprivilegedUser();
  const data = join(folder, name);
  mkdirSync(data, { mode: 0o700 });
  if (owner) chownSync(data, owner.uid, owner.gid);
  const bin = findPostgres() ?? embeddedBin(data, owner);
  const options = { ...owner, cwd: data, encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } };
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', join(data, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    options,
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}${made.error?.message ?? ''}`);
  const port = await freePort();
  const all = [`port=${port}`, `unix_socket_directories=${data}`, ...settings];
  await launch(folder, name, port, join(bin, 'postgres'), {
    args: ['-D', join(data, 'data'), ...all.flatMap((setting) => ['-c', setting])],
    options,
  });
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

/** Another user may not be able to read this project's folder (root's home), so the programs are copied for it. */
function embeddedBin(folder, owner) {
  const home = embeddedPostgres();
  if (!owner) return join(home, 'bin');
  cpSync(home, join(folder, 'programs'), { recursive: true, verbatimSymlinks: true });
  return join(folder, 'programs/bin');
}

/** Postgres refuses to run as root: `postgres` where that user exists, otherwise `nobody`. Undefined when we are not root. */
export function unprivilegedUser() {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const line = ['postgres:', 'nobody:']
    .map((name) => users.find((user) => user.startsWith(name)))
    .find(Boolean);
  if (!line)
    throw new Error('Postgres cannot run as root, and there is no user postgres or nobody to run it as.');
  const [, , uid, gid] = line.split(':').map(Number);
  return { uid, gid };
}

/**
 * @param {{ server?: string, docker?: string }} redis as findRedis gives it
 * @returns {Promise<{ url: string, server: string }>} `server` is the program with which a test starts its own
 */
export async function startRedis(folder, redis) {
  const server = redis.server ?? dockerisedRedis(folder, redis.docker);
  const port = await freePort();
  const settings = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction', '--dir', folder];
  await launch(folder, 'redis', port, server, {
    args: ['--port', String(port), '--bind', '127.0.0.1', ...settings],
    options: { env: process.env },
  });
  return { url: `redis://127.0.0.1:${port}`, server };
}

/** A stand-in for the redis-server program, taking the same arguments; in the host's network, so that ports agree. */
function dockerisedRedis(folder, docker) {
  const file = join(folder, 'redis-server');
  const run = `exec '${docker}' run --rm --network host -v '${folder}:${folder}' ${REDIS_IMAGE} redis-server "$@"`;
  writeFileSync(file, `#!/bin/sh\n${run}\n`, { mode: 0o755 });
  return file;
}

/** Resolves when the program accepts connections; its output is kept and quoted if it does not start. */
export async function launch(folder, name, port, program, { args, options }) {
  const child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said = `${said}${text}`.slice(-4000);
    });
    stream.unref?.();
  }
  child.on('error', (error) => {
    said += error.message;
  });
  child.unref();
  if (child.pid) registerProcess(folder, child.pid);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await accepts(port))) {
    if (child.pid === undefined || child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`${name} did not start (${dirname(program)}):\n${said}`);
    }
    await sleep(20);
  }
}

async function accepts(port) {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return isOpen;
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
