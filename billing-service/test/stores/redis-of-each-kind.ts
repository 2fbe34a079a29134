/** The same test on one server and on a cluster of three masters. */
import type { Cluster, Redis } from 'ioredis';
import { clusterReady, connectCluster } from '../../src/stores/redis/cluster-connection.js';
import type { Teardown } from '../support/test-environment.js';
import { connected } from './limit-requests.js';
import { PrivateCluster } from './redis/private-cluster.js';
import { PrivateRedis } from './redis/private-redis.js';

/** No deadlines: what is asked here is what Redis counts, however busy the machine is. */
export const PATIENT_MS = 60_000;

export interface RedisKind {
  name: 'redis' | 'redis-cluster';
  /** A connection as the service makes it, but patient. */
  connect(): Promise<Redis | Cluster>;
  /** The server that holds this key. */
  serverOf(key: string): PrivateRedis;
  servers: readonly PrivateRedis[];
}

export async function startRedisOfEachKind(t: Teardown): Promise<RedisKind[]> {
  const [server, cluster] = await Promise.all([PrivateRedis.start(), PrivateCluster.start()]);
  const connections: (Redis | Cluster)[] = [];
  t.teardown(async () => {
    for (const connection of connections) connection.disconnect();
    await Promise.all([server.stop(), cluster.stop()]);
  });
  const kept = <T extends Redis | Cluster>(connection: T) => {
    connections.push(connection);
    return connection;
  };
  return [
    {
      name: 'redis',
      connect: async () => kept(await connected(server.url, [], PATIENT_MS)),
      serverOf: () => server,
      servers: [server],
    },
    {
      name: 'redis-cluster',
      connect: async () => kept(await connectedCluster(cluster.urls.slice(0, 1))),
      serverOf: (key) => cluster.nodeOf(key),
      servers: cluster.nodes,
    },
  ];
}

async function connectedCluster(urls: string[]): Promise<Cluster> {
  const cluster = connectCluster(urls, { warn: () => {} }, PATIENT_MS);
  await clusterReady(cluster);
  return cluster;
}
