import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import keySlot from 'cluster-key-slot';
import { until } from '../../../../common/test/support/until.js';
import { freePort } from '../../support/free-port.js';
import { optional } from '../../support/test-environment.js';
import { PrivateRedis } from './private-redis.js';

const MASTERS = 3;
const SLOTS = 16_384;
/** So long a master is only quiet; then the others call it failed. */
const NODE_TIMEOUT_MS = 1500;

/** A real Redis Cluster of three masters, of this test's own. */
export class PrivateCluster {
  readonly nodes: readonly PrivateRedis[];
  readonly #folder: string;

  private constructor(nodes: PrivateRedis[], folder: string) {
    this.nodes = nodes;
    this.#folder = folder;
  }

  /** Takes some 2 s: a fresh master does not take writes before. */
  static async start(): Promise<PrivateCluster> {
    const folder = mkdtempSync(join(optional('TEST_RUN_FOLDER') ?? tmpdir(), 'farebox-cluster-'));
    const nodes: PrivateRedis[] = [];
    for (let i = 0; i < MASTERS; i++) nodes.push(await startNode(folder, i));
    const cluster = new PrivateCluster(nodes, folder);
    await cluster.#join();
    await cluster.whole();
    return cluster;
  }

  get urls(): string[] {
    return this.nodes.map((node) => node.url);
  }

  /** The master of whose slots this key is. */
  nodeOf(key: string): PrivateRedis {
    return this.nodes[Math.floor((keySlot(key) * MASTERS) / SLOTS)] as PrivateRedis;
  }

  /** Waits until every node takes the cluster for whole. */
  async whole(): Promise<void> {
    const isWhole = async () => {
      const states = await Promise.all(this.nodes.map((node) => node.ask((redis) => redis.cluster('INFO'))));
      return states.every((state) => /cluster_state:ok[\s\S]*cluster_known_nodes:3/.test(String(state)));
    };
    if (!(await until(isWhole, { everyMs: 50 }))) throw new Error('the cluster did not come together');
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Slots in equal parts; everybody meets the first. */
  async #join(): Promise<void> {
    const first = this.nodes[0] as PrivateRedis;
    const firstBus = await first.ask((redis) => redis.config('GET', 'cluster-port'));
    for (const [i, node] of this.nodes.entries()) {
      const from = Math.ceil((i * SLOTS) / MASTERS);
      const to = Math.ceil(((i + 1) * SLOTS) / MASTERS) - 1;
      await node.ask(async (redis) => {
        await redis.cluster('ADDSLOTSRANGE', from, to);
        await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1));
        if (i > 0) await redis.call('CLUSTER', 'MEET', '127.0.0.1', String(first.port), String(firstBus[1]));
      });
    }
  }
}

async function startNode(folder: string, index: number): Promise<PrivateRedis> {
  return PrivateRedis.start([
    ...['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())],
    ...['--dir', folder, '--cluster-config-file', `nodes-${index}.conf`],
    ...['--cluster-node-timeout', String(NODE_TIMEOUT_MS)],
  ]);
}
