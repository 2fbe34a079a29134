import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { spreadOf } from '../report/ratios.js';
import { withClient } from '../servers/bench-database.js';
import type { ThrowawayServers } from '../servers/throwaway-servers.js';

export interface Machine {
  cores: number;
  cpu: string;
  memoryGb: number;
  platform: string;
  node: string;
  postgres: string;
  redis: string;
  /** What made the load. */
  generator: string;
  /** Median µs to write 8 KB to the database's disk and sync it: the least that one commit waits for. */
  fsyncUs: number;
}

export async function describeMachine(servers: ThrowawayServers, generator: string): Promise<Machine> {
  const postgres = await withClient(servers.postgresUrl, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version.split(' ')[0] ?? '';
  });
  const redis = new Redis(servers.redisUrl);
  const info = await redis.info('server').finally(() => redis.disconnect());
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? '',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    postgres,
    redis: /redis_version:(\S+)/.exec(info)?.[1] ?? '',
    generator,
    fsyncUs: fsyncMicros(join(servers.folder, 'fsync-probe')),
  };
}

function fsyncMicros(file: string): number {
  const page = Buffer.alloc(8192);
  const descriptor = openSync(file, 'w');
  const times = Array.from({ length: 100 }, () => {
    const startedAt = performance.now();
    writeSync(descriptor, page, 0, page.length, 0);
    fsyncSync(descriptor);
    return (performance.now() - startedAt) * 1000;
  });
  closeSync(descriptor);
  return Math.round(spreadOf(times).median);
}
