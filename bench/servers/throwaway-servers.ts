/** A Postgres and a Redis for this run, started by the same scripts as for the tests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from './bench-database.js';

interface RunFolder {
  makeRunFolder(): string;
  registerProcess(folder: string, pid: number): void;
  removeRunFolder(folder: string): Promise<void>;
  startWatchdog(folder: string): void;
}
interface StartServers {
  startPostgres(folder: string, settings?: readonly string[]): Promise<string>;
  startRedis(folder: string, redis: unknown): Promise<{ url: string; server: string }>;
}
interface Programs {
  findRedis(): unknown;
}

const SCRIPTS = new URL('../../../scripts/test/', import.meta.url);
const script = async <T>(name: string): Promise<T> => (await import(new URL(name, SCRIPTS).href)) as T;

/**
 * As safe as a server in production: an acknowledged write is on the disk. Nothing is tuned but the cache, from 128 MB,
 * which 10 million entries outgrow.
 */
const POSTGRES_SETTINGS = [
  'listen_addresses=127.0.0.1',
  'max_connections=200',
  'fsync=on',
  'full_page_writes=on',
  'synchronous_commit=on',
  'shared_buffers=256MB',
];

export interface ThrowawayServers {
  /** Holds all files of the run. */
  folder: string;
  /** An administrator's URL of the database `postgres`. */
  postgresUrl: string;
  /** The postmaster's pid. */
  postgresPid: number;
  redisUrl: string;
  /** A process that is registered ends with the run, however the run ends. It must lead a process group. */
  register(pid: number): void;
  close(): Promise<void>;
}

export async function startThrowawayServers(): Promise<ThrowawayServers> {
  const run = await script<RunFolder>('run-folder.mjs');
  const servers = await script<StartServers>('start-servers.mjs');
  const { findRedis } = await script<Programs>('programs.mjs');
  const redisProgram = findRedis();
  const folder = run.makeRunFolder();
  run.startWatchdog(folder);
  const close = () => run.removeRunFolder(folder);
  try {
    const [postgresUrl, redis] = await Promise.all([
      servers.startPostgres(folder, POSTGRES_SETTINGS),
      servers.startRedis(folder, redisProgram),
    ]);
    await acceptsQueries(postgresUrl);
    const postgresPid = Number(
      readFileSync(join(folder, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0],
    );
    const register = (pid: number) => run.registerProcess(folder, pid);
    return { folder, postgresUrl, postgresPid, redisUrl: redis.url, register, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const READY_TIMEOUT_MS = 60_000;

/** It listens before it is ready; with fsync on it first brings a new cluster's files to the disk. */
async function acceptsQueries(url: string): Promise<void> {
  const giveUpAt = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      await withClient(url, (client) => client.query('select 1'));
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await sleep(50);
    }
  }
}
