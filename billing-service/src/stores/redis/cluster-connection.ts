import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, type Redis } from 'ioredis';
import {
  COMMAND_TIMEOUT_MS,
  FAIL_FAST,
  type RedisLog,
  retryDelayMs,
  warnOfEviction,
} from './redis-connection.js';

/** How soon a failover is noticed: we ask this often where the slots are. A MOVED in between tells it earlier. */
const REFRESH_MS = 1000;
/**
 * Some 7 s, then the node is given up. When all are, their names are resolved again: the addresses may have changed.
 */
const MAX_RECONNECTS = 10;
/** A slot that moves redirects once or twice; more means that the nodes disagree. */
const MAX_REDIRECTIONS = 3;
/** Asked at intervals: to wait for events would end at the first node's error, though the node is tried again. */
const READY_POLL_MS = 10;

/** As strict as the single connection: nothing waits in a queue or for a failover, and nothing is sent twice but what a
 * node refused to run (MOVED, ASK). `urls` are some nodes of the cluster; the rest are found by them. */
export function connectCluster(
  urls: readonly string[],
  log: RedisLog,
  commandTimeout = COMMAND_TIMEOUT_MS,
): Cluster {
  const addresses = urls.map((url) => new URL(url));
  const { enableOfflineQueue, retryStrategy, ...nodeOptions } = FAIL_FAST;
  const cluster = new Cluster(addresses.map(nodeOf), {
    enableOfflineQueue,
    // 0: no second try. A command that meets a dead node, or a cluster that is down, fails.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    maxRedirections: MAX_REDIRECTIONS,
    clusterRetryStrategy: retryStrategy,
    clusterNodeRetryStrategy: (times) => (times > MAX_RECONNECTS ? null : retryDelayMs(times)),
    redisOptions: { ...nodeOptions, ...accessOf(addresses), commandTimeout },
  });
  refreshSlots(cluster);
  reportOutages(cluster, log);
  cluster.on('+node', (node: Redis) => {
    node.on('ready', () => warnOfEviction(node, log));
    // ioredis' own check of a fresh cluster takes a node that is still connecting for a dead one.
    if (cluster.status === 'ready') connectNow(node);
  });
  cluster.on('ready', () => cluster.nodes('all').forEach(connectNow));
  return cluster;
}

/** Not by ioredis' own `slotsRefreshInterval`: after a reconnect it may run twice, and go on when all is closed. */
function refreshSlots(cluster: Cluster): void {
  const timer = setInterval(() => {
    if (cluster.status === 'ready') cluster.refreshSlotsCache();
  }, REFRESH_MS).unref();
  cluster.once('end', () => clearInterval(timer));
}

/** Connects at once, so that the first request to this node does not have to wait. */
function connectNow(node: Redis): void {
  if (node.status === 'wait') node.connect().catch(() => {});
}

/** Resolves when every master answers, no matter how many tries that takes; rejects only with the signal. */
export async function clusterReady(cluster: Cluster, signal?: AbortSignal): Promise<void> {
  const isReady = () =>
    cluster.status === 'ready' && cluster.nodes('master').every((node) => node.status === 'ready');
  while (!isReady()) await sleep(READY_POLL_MS, undefined, signal ? { signal } : {});
}

/**
 * Whether every master answers that some slot belongs to. Those that the driver knows are not enough: it forgets a node
 * that has been away for some seconds, and its slots stay without anybody.
 */
export async function clusterAnswers(cluster: Cluster): Promise<boolean> {
  if (cluster.status !== 'ready') return false;
  const nodes = new Map(cluster.nodes('master').map((node) => [nameOf(node), node]));
  const owners = new Set(cluster.slots.map(([master]) => master ?? ''));
  const answers = [...owners].map(async (owner) => (await nodes.get(owner)?.ping()) !== undefined);
  return owners.size > 0 && (await Promise.allSettled(answers)).every(isYes);
}

const nameOf = ({ options }: Redis): string => `${options.host}:${options.port}`;
const isYes = (answer: PromiseSettledResult<boolean>): boolean =>
  answer.status === 'fulfilled' && answer.value;

/** Some node that can be asked; a cluster passes on what is published at any of them. */
export function anyNode(cluster: Cluster): Redis | undefined {
  const ready = cluster.nodes('all').filter((node) => node.status === 'ready');
  return ready[Math.floor(Math.random() * ready.length)];
}

const nodeOf = ({ hostname, port }: URL) => ({
  host: hostname.replace(/^\[|\]$/g, ''),
  port: Number(port || 6379),
});

/** The same for every node: config.ts sees to it. */
function accessOf([address]: URL[]) {
  if (address === undefined) return {};
  return {
    ...(address.username ? { username: decodeURIComponent(address.username) } : {}),
    ...(address.password ? { password: decodeURIComponent(address.password) } : {}),
    ...(address.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

/** One line for each node's outage, and one for a cluster of which nothing answers. */
function reportOutages(cluster: Cluster, log: RedisLog): void {
  const away = new Set<string>();
  const report = (name: string, error: Error) => {
    if (away.has(name)) return;
    away.add(name);
    log.warn(
      `Redis ${name}: ${error.message || error.name}; limits are kept in this process until it is back`,
    );
  };
  cluster.on('node error', (error: Error, name: string) => report(name, error));
  cluster.on('error', (error: Error & { lastNodeError?: Error }) =>
    report('Cluster', error.lastNodeError ?? error),
  );
  cluster.on('ready', () => away.delete('Cluster'));
  cluster.on('+node', (node: Redis) => {
    node.on('ready', () => away.delete(nameOf(node)));
  });
}
