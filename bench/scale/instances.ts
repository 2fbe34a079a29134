/** Four instances of the service on one Postgres and one Redis, and HAProxy in front of one, two and all of them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BenchDatabases } from '../servers/bench-database.js';
import type { Size } from '../servers/seed-size.js';
import { type ServiceProcess, startService } from '../servers/service-process.js';
import type { ThrowawayServers } from '../servers/throwaway-servers.js';

const ROOT = new URL('../../../', import.meta.url);
const SERVICE = fileURLToPath(new URL('../../billing-service/src/server.js', import.meta.url));
const PROXY_SETTINGS = fileURLToPath(new URL('deploy/haproxy.cfg', ROOT));

export interface Front {
  instances: number;
  url: string;
  /** Of HAProxy. */
  pid: number;
}

export interface Deployment {
  services: ServiceProcess[];
  fronts: Front[];
  databaseUrl: string;
}

export async function deploy(servers: ThrowawayServers, size: Size, counts: number[]): Promise<Deployment> {
  const databaseUrl = await new BenchDatabases(servers.postgresUrl).filled('scale', size);
  const env = { DATABASE_URL: databaseUrl, REDIS_URL: servers.redisUrl };
  const services: ServiceProcess[] = [];
  for (let i = 1; i <= Math.max(...counts); i++) {
    services.push(await startService(servers, { name: `instance-${i}`, argv: [SERVICE], env }));
  }
  const fronts: Front[] = [];
  for (const count of counts) fronts.push(await startProxy(servers, services.slice(0, count)));
  return { services, fronts, databaseUrl };
}

async function startProxy(servers: ThrowawayServers, services: ServiceProcess[]): Promise<Front> {
  const { findDaemon, MissingProgram } = (await import(new URL('scripts/test/programs.mjs', ROOT).href)) as {
    findDaemon(name: string): string | undefined;
    MissingProgram: new (message: string) => Error;
  };
  const program = findDaemon('haproxy');
  if (!program) throw new MissingProgram('This needs HAProxy (Debian: apt-get install haproxy).');
  const port = await freePort();
  const addresses = services.map(({ url }, i) => [`FAREBOX_${i + 1}`, new URL(url).host]);
  const child = spawn(program, ['-db', '-f', PROXY_SETTINGS], {
    env: { FAREBOX_BIND: `127.0.0.1:${port}`, ...Object.fromEntries(addresses) },
    stdio: 'ignore',
    detached: true,
  });
  child.unref();
  if (child.pid) servers.register(child.pid);
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
    const isUp = await fetch(`${url}/livez`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return { instances: services.length, url, pid: child.pid as number };
    await sleep(25);
  }
  throw new Error('HAProxy did not start');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
